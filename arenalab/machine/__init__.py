"""Who decides: the runtime's steps as generators that read a World and yield events.

Floor 3. A procedure follows one Go function, branch by branch; it never writes. Only
`Machine` resumes procedures, and only after the event they yielded has been applied.
"""
