package main

import (
	"arena"
	"sync"
)

// A maker gives a tree its nodes; all are called through the same interface, so the call costs each the same.
type maker interface {
	begin()
	node() *node
	end(root *node)
}

var sources = map[string]func() maker{
	"heap":  func() maker { return heap{} },
	"arena": func() maker { return &inArena{} },
	"pool":  func() maker { return pooled{} },
	"slabs": func() maker { return &inSlabs{} },
}

type heap struct{}

func (heap) begin()      {}
func (heap) node() *node { return new(node) }
func (heap) end(*node)   {}

// inArena has an arena for each tree.
type inArena struct{ a *arena.Arena }

func (m *inArena) begin()      { m.a = arena.NewArena() }
func (m *inArena) node() *node { return arena.New[node](m.a) }
func (m *inArena) end(*node)   { m.a.Free() }

// pooled takes each node from a sync.Pool and gives it back, zeroed.
type pooled struct{}

var nodes = sync.Pool{New: func() any { return new(node) }}

func (pooled) begin()      {}
func (pooled) node() *node { return nodes.Get().(*node) }
func (m pooled) end(n *node) {
	if n != nil {
		m.end(n.left)
		m.end(n.right)
		*n = node{}
		nodes.Put(n)
	}
}

// inSlabs cuts nodes from slabs of a sync.Pool and gives back whole slabs, what was used of them zeroed.
type inSlabs struct {
	taken []*slab
	used  int // nodes of the last one
}

type slab [1024]node // 48 KiB

var slabs = sync.Pool{New: func() any { return new(slab) }}

func (m *inSlabs) begin() { m.taken, m.used = m.taken[:0], len(slab{}) }

func (m *inSlabs) node() *node {
	if m.used == len(slab{}) {
		m.taken, m.used = append(m.taken, slabs.Get().(*slab)), 0
	}
	m.used++
	return &m.taken[len(m.taken)-1][m.used-1]
}

func (m *inSlabs) end(*node) {
	for i, s := range m.taken {
		if i == len(m.taken)-1 {
			clear(s[:m.used])
		} else {
			*s = slab{}
		}
		slabs.Put(s)
	}
}
