"""Would an arena help: a trace's scopes performed in the model, what arenas cost and gain, and a verdict."""
