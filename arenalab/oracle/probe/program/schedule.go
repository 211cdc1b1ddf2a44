package main

import "runtime"

// Objects outside chunks that an arena hands out have more pages than any small span.
const smallPages = 16

// A sweeping counts the sweeper's visits as the recording format does: chunks, then
// large objects that were freed, then the spans of handles.
type sweeping struct {
	chunks, chunksLeft, freed int
	handleSpans, spansLeft    int
}

var (
	handleSpans    [maxArenas]uintptr // spans that handles were ever in
	handleSpansLen int
)

func seeHandle(address uintptr) {
	span := runtime.ArenalabSpanOf(address)
	for i := 0; i < handleSpansLen; i++ {
		if handleSpans[i] == span {
			return
		}
	}
	handleSpans[handleSpansLen] = span
	handleSpansLen++
}

func chunksUnswept() int {
	return runtime.ArenalabSweepSet(false, true, nil) + runtime.ArenalabSweepSet(true, true, nil)
}

func handleSpansUnswept() (n int) {
	for i := 0; i < handleSpansLen; i++ {
		var s runtime.ArenalabSpan
		runtime.ArenalabReadSpan(handleSpans[i], &s)
		if runtime.ArenalabUnswept(&s) {
			n++
		}
	}
	return n
}

func beginSweep() sweeping {
	chunks, spans := chunksUnswept(), handleSpansUnswept()
	return sweeping{chunks: chunks, chunksLeft: chunks, handleSpans: spans, spansLeft: spans}
}

// visit sweeps one span of whatever kind and reports whether there was one.
func (s *sweeping) visit() bool {
	pages, swept := runtime.ArenalabSweepOne()
	left := chunksUnswept()
	if swept && left == s.chunksLeft && pages > smallPages {
		s.freed++
	}
	s.chunksLeft, s.spansLeft = left, handleSpansUnswept()
	return swept
}

// visits is how many of the visits that count have been made.
func (s *sweeping) visits() int {
	if s.chunksLeft > 0 {
		return s.chunks - s.chunksLeft
	}
	return s.chunks + s.freed + s.handleSpans - s.spansLeft
}

var schedule [maxVisits]int

// readSchedule reads what is left of the line: after how many visits the finalizer
// goroutine gets to run, in ascending order. It reports how many numbers there are, -1
// where the line says nothing of it.
func readSchedule() int {
	if !moreOnLine() {
		return -1
	}
	n := nextNumber(maxVisits)
	for i := 0; i < n; i++ {
		schedule[i] = nextNumber(1 << 40)
	}
	return n
}

// finishUnder does what is left of a collection after mark termination, with the
// finalizer goroutine running when the first n numbers of the schedule say, and then
// when all is swept. It prints what was done.
func finishUnder(n int) {
	s := beginSweep()
	text(`,"finalizers_after":`)
	printed := 0
	for i, going := 0, true; going; going = s.visit() {
		if i < n && schedule[i] <= s.visits() {
			runtime.ArenalabRunFinalizers()
			separate(printed, "[").integer(s.visits())
			printed++
		}
		for i < n && schedule[i] <= s.visits() {
			i++
		}
	}
	closeList(printed)
	runtime.ArenalabRunFinalizers()
}
