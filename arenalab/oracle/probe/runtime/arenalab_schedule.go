// Package runtime, one added file: a collection in parts, and who runs between them.
//
// Nothing here does what Go could not: a collection that is held waits for a
// semaphore, and a goroutine that is held is one that the scheduler does not choose.

package runtime

import "unsafe"

var arenalabHeldCycle uint32

// ArenalabHoldMark starts a collection and returns when everything that was
// reachable has been marked. The collection cannot go on: the transition to mark
// termination needs a semaphore that the caller now holds.
func ArenalabHoldMark() {
	semacquire(&work.markDoneSema)
	arenalabHeldCycle = work.cycles.Load()
	gcWaitOnMark(arenalabHeldCycle)
	gcStart(gcTrigger{kind: gcTriggerCycle, n: arenalabHeldCycle + 1})
	// On one P the worker takes a share of the time, and would hand the P back amid its
	// work while this goroutine waits. How marking is cut up decides how Green Tea counts
	// scan work, so let it go on as when nobody else wants the P.
	gcController.fractionalUtilizationGoal = 1 << 20
	// An assist that finds nothing left to mark would wait for the semaphore too.
	getg().gcAssistBytes = 1 << 62
	for !arenalabMarked() {
		if arenalabWorkerStoppedEarly() {
			semrelease(&work.markDoneSema)
			Gosched()
			semacquire(&work.markDoneSema)
		}
		Gosched()
	}
}

func arenalabMarked() bool {
	return gcphase == _GCmark && work.nwait == work.nproc && !arenalabWorkLeft(getg().m.p.ptr())
}

// arenalabWorkerStoppedEarly says that the worker has handed back the processor
// with work left in the P's own buffer and now waits for the semaphore.
func arenalabWorkerStoppedEarly() bool {
	return work.nwait == work.nproc && !arenalabWorkLeft(nil) && !getg().m.p.ptr().gcw.empty()
}

// ArenalabEndMark lets the held collection finish marking, up to and including
// mark termination. Sweeping is still due.
func ArenalabEndMark() {
	getg().gcAssistBytes = 0
	semrelease(&work.markDoneSema)
	gcWaitOnMark(arenalabHeldCycle + 1)
}

// ArenalabMark does the first part of runtime.GC: a whole cycle up to and
// including mark termination.
func ArenalabMark() {
	cycle := work.cycles.Load()
	gcWaitOnMark(cycle)
	gcStart(gcTrigger{kind: gcTriggerCycle, n: cycle + 1})
	gcWaitOnMark(cycle + 1)
}

// ArenalabSweepAll does the last part of runtime.GC: it sweeps, and yields the
// processor after each span.
func ArenalabSweepAll() {
	for {
		if _, swept := ArenalabSweepOne(); !swept {
			break
		}
		Gosched()
	}
	for !isSweepDone() {
		Gosched()
	}
}

// ArenalabSweepOne sweeps the next span and returns how many pages that freed.
func ArenalabSweepOne() (pages uintptr, swept bool) {
	pages = sweepone()
	return pages, pages != ^uintptr(0)
}

// ArenalabSweepSpan sweeps one span that is due, out of turn, as a second sweeper
// beside a first one may.
func ArenalabSweepSpan(span uintptr) {
	m := acquirem()
	locker := sweep.active.begin()
	if s, ok := locker.tryAcquire((*mspan)(unsafe.Pointer(span))); ok {
		s.sweep(false)
	}
	sweep.active.end(locker)
	releasem(m)
}

// ArenalabUnswept says whether a span that is in use has yet to be swept.
func ArenalabUnswept(s *ArenalabSpan) bool {
	return s.State == uintptr(mSpanInUse) && s.SweepGen == mheap_.sweepgen-2
}

// ArenalabHoldBackground keeps the finalizer goroutine and the background sweeper
// from being made runnable. No sweeping may be due: what the background sweeper does
// after its last span it is let finish, since it parks only then.
func ArenalabHoldBackground() {
	fingStatus.And(^fingWait)
	for lock(&sweep.lock); !sweep.parked; lock(&sweep.lock) {
		unlock(&sweep.lock)
		Gosched()
	}
	sweep.parked = false
	unlock(&sweep.lock)
}

// ArenalabLetBackground undoes that. What was queued for them is still there.
func ArenalabLetBackground() {
	fingStatus.Or(fingWait)
	lock(&sweep.lock)
	sweep.parked = true
	unlock(&sweep.lock)
}

// ArenalabRunFinalizers lets the held finalizer goroutine run until it parks, and
// holds it again.
func ArenalabRunFinalizers() {
	fingStatus.Or(fingWait)
	ArenalabWaitFinalizers()
	fingStatus.And(^fingWait)
}

// ArenalabWaitFinalizers returns when no finalizer is queued or running.
func ArenalabWaitFinalizers() {
	for {
		state := fingStatus.Load()
		if finq == nil && state&(fingWake|fingRunningFinalizer) == 0 && state&fingWait != 0 {
			return
		}
		Gosched()
	}
}
