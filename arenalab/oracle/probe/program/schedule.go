package main

import "runtime"

// Objects outside chunks that an arena hands out have more pages than any small span.
const smallPages = 16

// A sweeping counts the sweeper's visits as the recording format does: chunks, then
// large objects that were freed, then the spans of handles. What others sweep out of
// turn is none of them.
type sweeping struct{ chunks, freed, handleSpans int }

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

// visit sweeps one span of whatever kind and reports whether there was one.
func (s *sweeping) visit() bool {
	chunks, spans := chunksUnswept(), handleSpansUnswept()
	pages, swept := runtime.ArenalabSweepOne()
	chunks -= chunksUnswept()
	s.chunks += chunks
	s.handleSpans += spans - handleSpansUnswept()
	if swept && chunks == 0 && pages > smallPages {
		s.freed++
	}
	return swept
}

// visits is how many of the visits that count have been made.
func (s *sweeping) visits() int {
	if chunksUnswept() > 0 {
		return s.chunks
	}
	return s.chunks + s.freed + s.handleSpans
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
	if runtime.ArenalabSweepSet(false, false, nil)+runtime.ArenalabSweepSet(true, false, nil) > 0 {
		fail("a chunk was swept before the schedule began")
	}
	var s sweeping
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

var (
	held     bool      // the finalizer goroutine and the background sweeper
	sweepDue bool      // a collection ended in parts: finish_mark, then sweep_step by sweep_step
	dueSince [20]int64 // the counters when that began
)

func holdBackground() {
	if !held {
		runtime.ArenalabHoldBackground()
		held = true
	}
}

func letBackground() {
	if held {
		runtime.ArenalabLetBackground()
		held = false
	}
}

// finishMark ends marking, and leaves the sweeping to later operations.
func finishMark(before *[20]int64) {
	text(`finish_mark"`)
	faulted := runtime.ArenalabFault(faultBefore[:])
	holdBackground()
	runtime.ArenalabEndMark()
	printChunks(`,"faulted":`, faultBefore[:faulted])
	sweepDue, dueSince = true, *before
}

// sweepStep sweeps one chunk: the one the line names if it is due, else the next; or,
// when no chunk is due, all that is left.
func sweepStep() {
	text(`sweep_step"`)
	wanted := -1
	if moreOnLine() {
		wanted = nextNumber(maxChunks)
	}
	n := runtime.ArenalabSweepSet(false, true, spans[:])
	n += runtime.ArenalabSweepSet(true, true, spans[n:])
	if n == 0 {
		runtime.ArenalabSweepAll()
		sweepDue = false
		return
	}
	span := spans[0]
	for i := 1; i < n; i++ {
		if chunkOf(spans[i]) == wanted {
			span = spans[i]
		}
	}
	runtime.ArenalabSweepSpan(span)
	var s runtime.ArenalabSpan
	runtime.ArenalabReadSpan(span, &s)
	text(`,"chunk":`).integer(chunkOf(span)).text(`,"kept":`).boolean(s.State != 0)
}

func runFinalizers() {
	text(`run_finalizers"`)
	known := runtime.ArenalabReuse(reuseBefore[:])
	holdBackground()
	runtime.ArenalabRunFinalizers()
	printFinalized(known)
	if !sweepDue {
		letBackground()
	}
}
