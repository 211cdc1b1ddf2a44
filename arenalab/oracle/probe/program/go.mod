module arenalab.oracle/program

go 1.21
