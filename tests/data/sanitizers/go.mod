module sanitizers

go 1.21
