module arenalab.oracle/cases

go 1.21
