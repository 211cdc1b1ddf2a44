//go:build go1.24

package measured

import "testing"

func BenchmarkLoop(b *testing.B) {
	for b.Loop() {
		kept = tree(3)
	}
}
