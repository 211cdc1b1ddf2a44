module arenalab/probe_types

go 1.21
