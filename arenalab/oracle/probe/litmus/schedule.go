package main

import "runtime"

// Whether the finalizer goroutine and the background sweeper are held.
var held bool

var spans [64]uintptr

// later performs what concerns the collector and weak pointers.
func later(a *asked) string {
	switch a.Op {
	case "gc":
		hold(false)
		runtime.GC()
		runtime.ArenalabWaitFinalizers()
	case "mark_begin":
		runtime.ArenalabHoldMark()
	case "mark_end":
		runtime.ArenalabEndMark()
		runtime.ArenalabSweepAll()
		runtime.ArenalabWaitFinalizers()
	case "finish_mark":
		hold(true)
		runtime.ArenalabEndMark()
	case "sweep_step":
		sweepStep()
	case "run_finalizers":
		hold(true)
		runtime.ArenalabRunFinalizers()
	case "make_weak":
		makeWeak(a.Weak, address(a))
	case "weak_value":
		return weakValue(a.Weak)
	case "add_cleanup":
		addCleanup(at(address(a)))
	default:
		panic("unknown operation " + a.Op)
	}
	return done
}

func hold(wanted bool) {
	switch {
	case wanted && !held:
		runtime.ArenalabHoldBackground()
	case held && !wanted:
		runtime.ArenalabLetBackground()
	}
	held = wanted
}

// sweepStep sweeps the next chunk that is due, and all else when none is.
func sweepStep() {
	n := runtime.ArenalabSweepSet(false, true, spans[:])
	n += runtime.ArenalabSweepSet(true, true, spans[n:])
	if n == 0 {
		runtime.ArenalabSweepAll()
		return
	}
	runtime.ArenalabSweepSpan(spans[0])
}
