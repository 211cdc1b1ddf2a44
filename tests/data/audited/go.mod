module arenalab.test/audited

go 1.21
