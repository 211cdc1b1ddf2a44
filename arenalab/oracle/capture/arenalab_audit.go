// What the calls in package runtime/trace are that a build overlay adds to the ends of tasks and regions. Where Task.End and
// Region.End call these they hold their receiver no longer.

package trace

import "runtime"

func arenalabTaskEnd(id uint64) {
	runtime.ArenalabScopeEnd(func() { userTaskEnd(id) })
}

func arenalabRegionEnd(id uint64, regionType string) {
	runtime.ArenalabScopeEnd(func() { userRegion(id, regionEndCode, regionType) })
}
