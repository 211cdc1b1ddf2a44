package main

// Replaced when the program is built: see benchmarks/real_go.py.
var pool = []pooled{}
