//go:build !go1.26

package runtime

// arenalabWorkLeft says whether there is marking work, in the buffers of pp (nil:
// nobody's) or for all.
func arenalabWorkLeft(pp *p) bool { return gcMarkWorkAvailable(pp) }
