package main

import "runtime"

// run is a sequence of objects at equal distances.
type run struct{ chunk, first, stride, count, last int }

func repeat(id, typ, n int) {
	a, t := live(id), &types[typ]
	active := activeSpan(id)
	text(`rep","arena":`).integer(id).text(`,"type":`).integer(typ).text(`,"n":`).integer(n)
	zero, printed := true, 0
	var r run
	text(`,"runs":[`)
	for i := 0; i < n; i++ {
		address := place(a, t, -1)
		zero = settle(a, t, address, t.Size) && zero
		chunk, offset := whereabouts(address)
		if r.count > 0 && !r.extend(chunk, offset) {
			printed = r.print(printed)
			r = run{}
		}
		if r.count == 0 {
			r = run{chunk: chunk, first: offset, count: 1, last: offset}
		}
	}
	if r.count > 0 {
		r.print(printed)
	}
	text(`],"zero":`).boolean(zero)
	printActive(id, active)
}

// extend takes one more object into the run if it follows at the same distance.
func (r *run) extend(chunk, offset int) bool {
	if chunk != r.chunk || r.count > 1 && offset-r.last != r.stride {
		return false
	}
	r.stride, r.last = offset-r.last, offset
	r.count++
	return true
}

func (r *run) print(printed int) int {
	if printed > 0 {
		text(",")
	}
	text("[").integer(r.chunk).text(",").integer(r.first).text(",").integer(r.stride)
	text(",").integer(r.count).text("]")
	return printed + 1
}

func whereabouts(address uintptr) (chunk, offset int) {
	if address == runtime.ArenalabZerobase() {
		return -2, 0
	}
	span := runtime.ArenalabSpanOf(address)
	if !spanIsChunk(span) {
		return -1, 0
	}
	return chunkOf(span), int(address - spanBase(span))
}
