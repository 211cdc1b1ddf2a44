"""Numbers to look at: each view is a pure function of a History and a moment. No colours, no pixels."""
