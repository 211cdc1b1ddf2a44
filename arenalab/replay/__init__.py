"""Bulk: many operations at once, by numpy solvers whose answers are certified.

Floor 4. A solver (`solve`) is untrusted: `certify` puts its result, vectorised, through the
rules that the step machine uses, and refuses it at the first row that breaks one.
"""
