module arenalab/benchmarks/realgo

go 1.21
