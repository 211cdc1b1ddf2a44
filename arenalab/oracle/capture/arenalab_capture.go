// One execution trace with allocations, from the program's start to its end. A build overlay adds this file to package
// runtime (Go 1.23 or later); calls.py names the lines of Go's own at which its functions are called.

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// Words of the status file, which the capturing process reads while and after the program runs.
const (
	captureState  = iota // one of the states below
	captureBytes         // written to the trace
	captureErrno         // why writing failed
	captureWhy           // why tracing ended: one of the reasons below
	captureOwn           // how often the program asked for a trace itself meanwhile
	captureOthers        // processes that it started, which run the same program untraced
	captureAudits        // collections that --audit added
	captureSignal        // which signal ended it
	captureWords
)

const (
	captureOff = iota
	captureOn
	captureEnding
	captureWhole
)

const (
	captureReturned = 1 + iota
	captureExited
	capturePanicked
	captureKilled
	captureLimited
	captureTimed
	captureFailed
	captureFatal
)

var capturing struct {
	status   *[captureWords]atomic.Uint64 // nil: nothing is captured
	file     uintptr
	limit    uint64
	until    int64 // nanotime, 0 for none
	audit    bool
	auditing atomic.Int32 // scopes at whose end a cycle is under way
	stacks   bool
	end      func(why uint32) // arenalabEnd, which malloc's tables, initialized from what leads to fatal, can't refer to
	panicked atomic.Bool
	started  uint32 // semaphore
	wake     note
	woken    atomic.Uint32
	signal   atomic.Uint32
	why      atomic.Uint32
}

// arenalabStart begins to trace, where the environment says so. The trace's memory of what is to be written is the
// runtime's own; a goroutine of ours writes it out.
func arenalabStart() {
	folder := gogetenv("ARENALAB_CAPTURE")
	if folder == "" || len(folder) > 4000 {
		return
	}
	status := captureOpen(folder+"/status", 2)
	if status < 0 {
		return
	}
	p, failed := mmap(nil, captureWords*8, _PROT_READ|_PROT_WRITE, 1, status, 0)
	closefd(status)
	if failed != 0 {
		return
	}
	words := (*[captureWords]atomic.Uint64)(p)
	if !words[captureState].CompareAndSwap(captureOff, captureOn) { // a child inherits the environment
		words[captureOthers].Add(1)
		return
	}
	file := captureOpen(folder+"/trace", 1)
	if file < 0 {
		words[captureErrno].Store(1)
		return
	}
	c := &capturing
	c.file, c.status, c.limit = uintptr(file), words, captureNumber("ARENALAB_CAPTURE_LIMIT")
	c.audit, c.stacks = gogetenv("ARENALAB_CAPTURE_AUDIT") != "", gogetenv("ARENALAB_CAPTURE_STACKS") != ""
	if ms := captureNumber("ARENALAB_CAPTURE_MS"); ms != 0 {
		c.until = nanotime() + int64(ms)*1e6
	}
	c.end = arenalabEnd
	if c.audit {
		debug.gcstoptheworld = 1 // what is born while a cycle marks would survive it
	}
	go captureWrite()
	go captureWatch()
	before := debug.traceallocfree.Load()
	debug.traceallocfree.Store(1)
	err := StartTrace()
	debug.traceallocfree.Store(before)
	if err != nil {
		c.status = nil
		words[captureErrno].Store(1)
		return
	}
	words[captureOwn].Store(0) // that was us
	semrelease(&c.started)
}

func captureOpen(path string, mode int32) int32 {
	var name [4096]byte
	copy(name[:], path)
	return open(&name[0], mode|0x80000, 0) // O_CLOEXEC
}

func captureNumber(name string) (n uint64) {
	for _, digit := range []byte(gogetenv(name)) {
		n = n*10 + uint64(digit-'0')
	}
	return n
}

// captureWrite writes the trace as it comes, and has it ended at the limit. What follows a failure is dropped.
func captureWrite() {
	c := &capturing
	semacquire(&c.started)
	for data := ReadTrace(); data != nil; data = ReadTrace() {
		for len(data) > 0 && c.status[captureErrno].Load() == 0 {
			n := write(c.file, unsafe.Pointer(&data[0]), int32(len(data)))
			if n == -4 { // EINTR
				continue
			}
			if n <= 0 {
				c.status[captureErrno].Store(uint64(max(-n, 1)))
				captureAsk(captureFailed)
				break
			}
			data = data[n:]
			if c.status[captureBytes].Add(int64(n)) >= c.limit {
				captureAsk(captureLimited)
			}
		}
	}
}

// captureAsk has the watching goroutine end the trace. A signal handler may call it, too.
//
//go:nosplit
//go:nowritebarrierrec
func captureAsk(why uint32) {
	c := &capturing
	c.why.CompareAndSwap(0, why)
	if c.woken.CompareAndSwap(0, 1) {
		notewakeup(&c.wake)
	}
}

// captureWatch ends the trace when it is asked to, or when its time is over, and then dies of the signal if one came.
func captureWatch() {
	c := &capturing
	for {
		left := int64(-1)
		if c.until != 0 {
			left = max(c.until-nanotime(), 1)
		}
		if notetsleepg(&c.wake, left) {
			noteclear(&c.wake) // before anybody can wake it again
			c.woken.Store(0)
		} else {
			c.until = 0
			c.why.CompareAndSwap(0, captureTimed)
		}
		captureEnd(c.why.Load())
		if sig := c.signal.Load(); sig != 0 {
			systemstack(func() { dieFromSignal(sig) })
		}
	}
}

// arenalabSignal keeps a signal that would kill the program until the trace is whole.
//
//go:nosplit
//go:nowritebarrierrec
func arenalabSignal(sig uint32) bool {
	c := &capturing
	if c.status == nil || c.status[captureState].Load() == captureWhole || !c.signal.CompareAndSwap(0, sig) {
		return false
	}
	c.status[captureSignal].Store(uint64(sig))
	captureAsk(captureKilled)
	return true
}

// arenalabEnd ends the trace before the program's end; who comes second waits for the first. A panic goes before a
// return of main meanwhile, as in Go.
func arenalabEnd(why uint32) {
	c := &capturing
	if c.status == nil {
		return
	}
	dies := why == capturePanicked || why == captureFatal
	if dies {
		c.panicked.Store(true)
	}
	captureEnd(why)
	if !dies && c.panicked.Load() {
		gopark(nil, nil, waitReasonPanicWait, traceBlockForever, 1)
	}
}

// arenalabFatal ends the trace before a fatal error that the program made, such as concurrent writes to a map, where its
// goroutine can still wait. After an error of the runtime's own nothing can be trusted.
func arenalabFatal() {
	gp := getg()
	if end := capturing.end; end != nil && gp == gp.m.curg && gp.m.locks == 0 && gp.m.mallocing == 0 && gp.m.preemptoff == "" {
		end(captureFatal)
	}
}

func captureEnd(why uint32) {
	c := &capturing
	if !c.status[captureState].CompareAndSwap(captureOn, captureEnding) {
		for c.status[captureState].Load() != captureWhole {
			timeSleep(1e6)
		}
		return
	}
	c.status[captureWhy].Store(uint64(why))
	if c.audit && why != capturePanicked && why != captureFatal && why != captureFailed {
		captureLast()
	}
	StopTrace()
	closefd(int32(c.file))
	c.status[captureState].Store(captureWhole)
}

// arenalabAsked notes that somebody asks for a trace while there is ours: Go gives them an error.
func arenalabAsked() {
	if c := &capturing; c.status != nil && c.status[captureState].Load() != captureWhole {
		c.status[captureOwn].Add(1)
	}
}

// ArenalabAudit collects garbage at a scope's end, where --audit asks for it.
func ArenalabAudit() { ArenalabScopeEnd(nil) }

// ArenalabScopeEnd ends a scope: with --audit after a cycle that tells what is dead by then, and before one that tells what
// is not. The trace does not end in between.
func ArenalabScopeEnd(end func()) {
	c := &capturing
	c.auditing.Add(1)
	captureAudit()
	if end != nil {
		end()
		captureAudit()
	}
	c.auditing.Add(-1)
}

func captureAudit() {
	if c := &capturing; c.audit && c.status[captureState].Load() == captureOn {
		c.status[captureAudits].Add(1)
		captureMark()
	}
}

// arenalabKeepsPools says that a cycle leaves sync.Pool alone: what is in one outlives its scope, as it does without the
// cycles that an audit adds.
func arenalabKeepsPools() bool { return capturing.audit }

// captureMark runs a whole cycle. Unlike GC it does not yield, over and over, each time two events, until the last span is
// swept: the next cycle sees to that. Within a burst of frees the trace's stamps run ahead of the clock, which catches up
// before the scope ends.
func captureMark() {
	n := work.cycles.Load()
	gcWaitOnMark(n)
	gcStart(gcTrigger{kind: gcTriggerCycle, n: n + 1})
	gcWaitOnMark(n + 1)
	for sweepone() != ^uintptr(0) {
	}
	usleep(50)
}

// arenalabYields keeps the background sweeper, too, from yielding over and over while another one ends a span.
func arenalabYields() bool {
	if !capturing.audit {
		return false
	}
	usleep(20)
	return true
}

// captureLast waits for the scopes that are just ending, a second at most; then a cycle decides what outlived the last ones,
// and another one ends its sweep.
func captureLast() {
	captureSettle()
	captureMark()
	captureMark()
}

func captureSettle() {
	for n := 0; n < 1000 && capturing.auditing.Load() != 0; n++ {
		timeSleep(1e6)
	}
	timeSleep(1e6) // a goroutine whose end has been audited has still to end
}

// ArenalabAfter is called by who waited for a goroutine's last word, such as a benchmark's, and still holds what it left.
func ArenalabAfter() {
	if capturing.audit {
		timeSleep(1e6) // it has still to return from there
		captureSettle()
		ArenalabAudit()
	}
}

// ArenalabRequestEnd ends a request of net/http where the trace's reader sees it: once what served it is dropped.
func ArenalabRequestEnd() {
	if capturing.audit {
		ArenalabScopeEnd(arenalabEnded)
	}
}

// arenalabEnded blocks for a moment, which is an event with a stack; ArenaLab's reader knows it by this name.
//
//go:noinline
func arenalabEnded() { timeSleep(1) }

// arenalabGoexit is called by a goroutine that has returned from its function.
func arenalabGoexit() {
	if capturing.audit && !isSystemGoroutine(getg(), false) {
		ArenalabAudit()
	}
}
