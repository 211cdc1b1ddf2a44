"""What files hold, described once: what a field may be, and how a row holds an object.

`kinds` says what one field may hold, for those who make an object and for those who read one; `forms` turns rows
into objects and objects into rows, by these descriptions. Operations and events are described where they are declared.
Pure: the model checks what it is given by the same kinds, and runs where only numpy is installed.

Rule: whatever is wrong with a row is a `ScenarioError` that says which field, what it holds and what was
expected; who reads the file puts the place before it.
"""
