module arenalab.test/traced

go 1.21
