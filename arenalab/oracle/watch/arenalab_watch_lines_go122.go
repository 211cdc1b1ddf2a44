//go:build go1.22

package runtime

// watchInlined begins with the innermost of the functions that were inlined at pc.
func watchInlined(f funcInfo, pc uintptr) (inlineUnwinder, inlineFrame) {
	return newInlineUnwinder(f, pc)
}
