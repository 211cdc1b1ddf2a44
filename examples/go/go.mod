module arenalab.example

go 1.21
