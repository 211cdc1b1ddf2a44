"""Facts of Go: platform numbers, address arithmetic, types, the bitmap writer.

Floor 1. Imports the standard library and numpy only. The bit and address operators
(`&`, `~`, `<<`, `>>`) live on this floor, so that there is one place to check them.
"""
