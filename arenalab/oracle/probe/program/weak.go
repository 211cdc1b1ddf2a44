package main

const (
	maxWeaks = 1 << 12
	maxRows  = 1 << 16
)

// Addresses of the values made, in the order of making, as integers: they keep nothing alive.
var (
	rows    [maxRows]uintptr
	rowsLen int
)

func noteRow(address uintptr) {
	if rowsLen < maxRows {
		rows[rowsLen] = address
		rowsLen++
	}
}

func makeWeak(n, row int) {
	text(`make_weak","weak":`).integer(n).text(`,"object":`).integer(row)
	offset := 0
	if moreOnLine() {
		offset = nextNumber(1 << 40)
		text(`,"offset":`).integer(offset)
	}
	if row >= rowsLen {
		fail("there is no such value")
	}
	address := rows[row] + uintptr(offset)
	printPlace(address)
	makeWeakPointer(n, address)
}

func askWeak(n int) {
	text(`weak_value","weak":`).integer(n)
	printPlaceOrNil(weakValue(n))
}

func printPlaceOrNil(address uintptr) {
	if address == 0 {
		text(`,"at":"nil"`)
		return
	}
	printPlace(address)
}

// printWeaks prints what the handles hold, where there is any weak pointer: asking would sweep.
func printWeaks() {
	printed := 0
	for n := 0; n < maxWeaks; n++ {
		address, made := weakWord(n)
		if !made {
			continue
		}
		chunk, offset := -1, 0
		if address != 0 {
			chunk, offset = whereabouts(address)
		}
		separate(printed, `,"weak":[`).text("[").integer(n).text(",").boolean(address != 0)
		text(",").integer(chunk).text(",").integer(offset).text("]")
		printed++
	}
	if printed > 0 {
		text("]")
	}
}
