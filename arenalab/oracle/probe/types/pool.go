package main

// pool is replaced by the types that are to be read.
var pool = []any{(*[]int)(nil)}
