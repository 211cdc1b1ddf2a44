"""What differs between one Go and another, as data: platform, version, build, and the program's surroundings.

Four small frozen records; `arenalab.go.rules.GoRules` is their product. Laws of this floor: it imports nothing of
the model, every field is documented, is read outside, and changes the run of some program.
"""
