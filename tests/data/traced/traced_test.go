package main

import "testing"

var sink *node

func BenchmarkNodes(b *testing.B) {
	for i := 0; i < b.N; i++ {
		for n := 0; n < 20; n++ {
			sink = &node{nil, n}
		}
	}
}

func TestWork(t *testing.T) { work(30) }
