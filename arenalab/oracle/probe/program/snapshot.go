package main

import (
	"runtime"
)

const (
	chunkWords = 16384
	chunkMarks = chunkWords / 8
)

var (
	atStart   [20]int64
	snapshots int
	bitsMode  byte // 'd' only what changed, 'w' that without hashes, 'f' everything, 'h' hashes

	chunks   int // chunks seen so far; a chunk's number is its index below
	spanAt   [maxChunks]uintptr
	shown    [maxChunks]bool
	shownAs  [maxChunks]runtime.ArenalabSpan
	oldWords [maxChunks][chunkWords]uint64
	oldMarks [maxChunks][chunkMarks]byte
	spans    [maxChunks]uintptr
)

var counterNames = [20]string{
	"heapInUse", "heapReleased", "heapFree", "totalAlloc", "totalFree", "heapLive", "heapScan",
	"mappedReady", "committed", "released", "inHeap", "largeAlloc", "largeAllocCount", "largeFree",
	"largeFreeCount", "pagesInUse", "numgc", "sweepgen", "scanAlloc", "nextSample",
}

func printDelta(open string, before, after *[20]int64) {
	text(open)
	printed := 0
	for i, name := range counterNames {
		if before[i] != after[i] {
			separate(printed, "").text(`"`).text(name).text(`":`).integer(int(after[i] - before[i]))
			printed++
		}
	}
	text("}")
}

func printStart(facts runtime.ArenalabFacts) {
	text(`{"start":{"chunk":`).integer(int(facts.Chunk)).text(`,"maxalloc":`).integer(int(facts.MaxAlloc))
	text(`,"heaparena":`).integer(int(facts.HeapArena)).text(`,"page":`).integer(int(facts.Page))
	text(`,"go":"`).text(runtime.Version())
	if runtime.ArenalabFormat > 1 {
		text(`","reserve":`).integer(int(facts.Reserve))
		text(`,"sizes":{"heapArena":`).integer(int(facts.Sizes[0])).text(`,"mspan":`).integer(int(facts.Sizes[1]))
		text(`,"userArena":`).integer(int(facts.Sizes[2])).text(`,"type":`).integer(int(facts.Sizes[3]))
		text(`},"abs":{`)
	} else {
		text(`","abs":{`)
	}
	for i, name := range counterNames {
		separate(i, "").text(`"`).text(name).text(`":`).integer(int(atStart[i]))
	}
	text("}}}\n")
	flush()
}

// chunkOf numbers a chunk's mspan, in the order in which they are first seen.
func chunkOf(span uintptr) int {
	for i := chunks - 1; i >= 0; i-- {
		if spanAt[i] == span {
			return i
		}
	}
	if chunks == maxChunks {
		fail("the program uses too many chunks to be recorded")
	}
	spanAt[chunks] = span
	chunks++
	return chunks - 1
}

// seeReady numbers the chunks that have come to the ready list.
func seeReady() {
	for i, n := 0, runtime.ArenalabReady(spans[:]); i < n && i < maxChunks; i++ {
		chunkOf(spans[i])
	}
}

func spanBase(span uintptr) uintptr {
	var s runtime.ArenalabSpan
	runtime.ArenalabReadSpan(span, &s)
	return s.Base
}

func spanIsChunk(span uintptr) bool {
	if span == 0 {
		return false
	}
	var s runtime.ArenalabSpan
	runtime.ArenalabReadSpan(span, &s)
	return s.Chunk
}

func printChunks(name string, spans []uintptr) {
	text(name)
	for i, span := range spans {
		separate(i, "[").integer(chunkOf(span))
	}
	closeList(len(spans))
}

func snapshot(after int) {
	var now [20]int64
	runtime.ArenalabCounters(&now)
	text(`{"snap":`).integer(snapshots).text(`,"after":`).integer(after)
	text(`,"gcphase":`).integer(int(runtime.ArenalabGCPhase()))
	if !sweepDue {
		printDelta(`,"counters":{`, &atStart, &now)
		text(`,"scanAlloc":`).integer(int(now[18]))
	}
	snapshots++
	printArenas()
	reuse, fault := runtime.ArenalabCaps()
	text(`,"caps":[`).integer(reuse).text(",").integer(fault).text("]")
	printChunks(`,"reuse":`, spans[:runtime.ArenalabReuse(spans[:])])
	printChunks(`,"fault":`, spans[:runtime.ArenalabFault(spans[:])])
	printChunks(`,"quarantine":`, spans[:runtime.ArenalabQuarantine(spans[:])])
	printChunks(`,"ready":`, spans[:runtime.ArenalabReady(spans[:])])
	printChunks(`,"sweep":{"scan_swept":`, spans[:runtime.ArenalabSweepSet(false, false, spans[:])])
	printChunks(`,"scan_unswept":`, spans[:runtime.ArenalabSweepSet(false, true, spans[:])])
	printChunks(`,"noscan_swept":`, spans[:runtime.ArenalabSweepSet(true, false, spans[:])])
	printChunks(`,"noscan_unswept":`, spans[:runtime.ArenalabSweepSet(true, true, spans[:])])
	text("}")
	printHolds()
	printWeaks()
	printHeapArenas()
	printed := 0
	for c := 0; c < chunks; c++ {
		printed = printChunk(c, printed)
	}
	closeList(printed)
	text("}\n")
	flush()
}

func printArenas() {
	text(`,"arenas":`)
	printed := 0
	for id := 0; id < arenasLen; id++ {
		a := &arenas[id]
		if a.handle <= 1 {
			continue
		}
		active, full, refs, refsCap, defunct := runtime.ArenalabUserArena(a.handle, spans[:])
		separate(printed, "[").text(`{"id":`).integer(id).text(`,"active":`).integer(chunkOf(active))
		printChunks(`,"full":`, spans[:full])
		text(`,"nrefs":`).integer(refs).text(`,"refscap":`).integer(refsCap).text(`,"defunct":`).boolean(defunct)
		text(`,"dropped":`).boolean(a.dropped).text("}")
		printed++
	}
	closeList(printed)
}

func printHolds() {
	text(`,"holds":`)
	printed := 0
	for n := range holds {
		if holds[n] == nil {
			continue
		}
		chunk, offset := whereabouts(uintptr(holds[n]))
		separate(printed, "[").text("[").integer(n).text(",").integer(chunk)
		text(",").integer(offset).text("]")
		printed++
	}
	closeList(printed)
}

func printHeapArenas() {
	text(`,"heaparenas":`)
	printed, last := 0, uintptr(0)
	for c := 0; c < chunks; c++ {
		start, zeroed := runtime.ArenalabHeapArena(spanBase(spanAt[c]))
		if start == last {
			continue
		}
		last = start
		separate(printed, "[").text("[").address(start).text(",").integer(int(zeroed)).text("]")
		printed++
	}
	closeList(printed)
	text(`,"chunks":`)
}

// printChunk prints chunk c unless nothing of it has changed, and returns how
// many have been printed.
func printChunk(c, printed int) int {
	var s runtime.ArenalabSpan
	runtime.ArenalabReadSpan(spanAt[c], &s)
	words, marks, mapped := bitsOf(spanAt[c])
	compared := s
	compared.SweepGen = 0
	same := *words == oldWords[c] && *marks == oldMarks[c]
	if (bitsMode == 'd' || bitsMode == 'w') && shown[c] && same && compared == shownAs[c] {
		return printed
	}
	separate(printed, "[").text(`{"c":`).integer(c)
	printSpan(&s)
	if runtime.ArenalabFormat > 1 {
		printHeader(spanAt[c], mapped)
	}
	if bitsMode != 'w' && mapped {
		printHashes(words, marks)
	}
	text(`,"sweepgen":`).integer(int(s.SweepGen))
	if bitsMode != 'h' && mapped {
		printBits(c, words, marks)
	}
	text("}")
	shown[c], shownAs[c] = true, compared
	if !same {
		oldWords[c], oldMarks[c] = *words, *marks
	}
	return printed + 1
}

// bitsOf returns a chunk's words and marks, and whether there are any to be read;
// what is not there reads as zero.
func bitsOf(span uintptr) (words *[chunkWords]uint64, marks *[chunkMarks]byte, mapped bool) {
	words, marks = &noWords, &noMarks
	w, m := runtime.ArenalabBits(span)
	if w != nil {
		words = (*[chunkWords]uint64)(w)
	}
	if m != nil {
		marks = (*[chunkMarks]byte)(m)
	}
	return words, marks, w != nil
}

func printHeader(span uintptr, mapped bool) {
	text(`,"mapped":`).boolean(mapped)
	if !mapped {
		return
	}
	header := runtime.ArenalabHeader(span)
	for i, value := range header {
		separate(i, `,"hdr":[`).integer(int(value))
	}
	text("]")
}

func printSpan(s *runtime.ArenalabSpan) {
	text(`,"base":`).address(s.Base).text(`,"npages":`).integer(int(s.Pages))
	text(`,"spanclass":`).integer(int(s.SpanClass)).text(`,"state":`).integer(int(s.State))
	text(`,"free":`)
	if s.FreeBase == 0 {
		text("null")
	} else {
		text("[").integer(int(s.FreeBase - s.Base)).text(",").integer(int(s.FreeLimit - s.Base)).text("]")
	}
	text(`,"uac":`).boolean(s.Chunk).text(`,"needzero":`).integer(int(s.NeedZero))
	text(`,"freeindex":`).integer(int(s.FreeIndex)).text(`,"scanindex":`).integer(int(s.ScanIndex))
	text(`,"alloccount":`).integer(int(s.AllocCount)).text(`,"limit":`)
	if s.FreeBase == 0 {
		text("null")
	} else {
		text("").integer(int(s.Limit - s.Base))
	}
	text(`,"elemsize":`).integer(int(s.ElemSize)).text(`,"nelems":`).integer(int(s.Elems))
	text(`,"mark":`).integer(int(s.Mark)).text(`,"allocbit":`).integer(int(s.AllocBit))
	text(`,"pageinuse":`).integer(int(s.PageInUse)).text(`,"specials":`).boolean(s.Specials)
}

// hash is 64-bit FNV-1a.
type hash uint64

func (h *hash) add(n uint64) {
	for i := 0; i < 8; i++ {
		*h = (*h ^ hash(n&255)) * 1099511628211
		n >>= 8
	}
}

func printHashes(words *[chunkWords]uint64, marks *[chunkMarks]byte) {
	count, sum := 0, hash(14695981039346656037)
	for i, word := range words {
		if word != 0 {
			count++
			sum.add(uint64(i))
			sum.add(word)
		}
	}
	text(`,"bits_n":`).integer(count).text(`,"bits_h":"`).hex(uint64(sum)).text(`"`)
	if runtime.ArenalabFormat > 1 {
		return
	}
	count, sum = 0, hash(14695981039346656037)
	for i := 0; i < chunkWords; i++ {
		if marks[i/8]>>(i%8)&1 != 0 {
			count++
			sum.add(uint64(i))
		}
	}
	text(`,"nmp_n":`).integer(count).text(`,"nmp_h":"`).hex(uint64(sum)).text(`"`)
}

var noWords [chunkWords]uint64
var noMarks [chunkMarks]byte

// printBits prints the bitmap words and the marks that differ from those shown
// before ('d') or from zero ('f'), equal neighbours as one entry.
func printBits(c int, words *[chunkWords]uint64, marks *[chunkMarks]byte) {
	from, fromMarks := &oldWords[c], &oldMarks[c]
	if bitsMode == 'f' {
		from, fromMarks = &noWords, &noMarks
	}
	text(`,"bits":`)
	printed := 0
	for i := 0; i < chunkWords; {
		if words[i] == from[i] {
			i++
			continue
		}
		end := i + 1
		for end < chunkWords && words[end] == words[i] && words[end] != from[end] {
			end++
		}
		separate(printed, "[").text("[").integer(i).text(",").integer(end - i).text(`,"`)
		text("").hex(words[i]).text(`"]`)
		printed++
		i = end
	}
	closeList(printed)
	if runtime.ArenalabFormat > 1 {
		return
	}
	text(`,"nmp":`)
	printed = 0
	for i := 0; i < chunkWords; {
		value := marks[i/8] >> (i % 8) & 1
		if value == fromMarks[i/8]>>(i%8)&1 {
			i++
			continue
		}
		end := i + 1
		for end < chunkWords && marks[end/8]>>(end%8)&1 == value && fromMarks[end/8]>>(end%8)&1 != value {
			end++
		}
		separate(printed, "[").text("[").integer(i).text(",").integer(end - i)
		if bitsMode != 'f' {
			text(",").integer(int(value))
		}
		text("]")
		printed++
		i = end
	}
	closeList(printed)
}
