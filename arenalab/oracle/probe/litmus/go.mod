module arenalab.oracle/litmus

go 1.21
