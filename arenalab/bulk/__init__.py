"""Bulk: runs of allocations and their pointer bits, solved by numpy and certified.

The floor between world and machine. A solver (`place`, `bits`) is untrusted: `certify` puts where values stand,
and `bits` what the bitmap holds, through the rules that the step machine uses, and refuses an answer at the
first row that breaks one. Equal values, a slice's elements or a repetition's, are one row with a count.
"""
