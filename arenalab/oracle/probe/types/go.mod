module arenalab.oracle/types

go 1.21
