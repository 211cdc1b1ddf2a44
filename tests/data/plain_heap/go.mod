module plainheap

go 1.21
