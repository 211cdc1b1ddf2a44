"""The advice beside the truth: programs that exist on the heap and in arenas, measured in both forms."""
