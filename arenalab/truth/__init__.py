"""Recordings of real Go runs beside the model: reading them, re-executing them, comparing.

A side house over floors 1 to 3. `load_recording` reads a file and trusts nothing in it;
`check` re-executes its operations and compares every fact that Go reported.
"""
