package main

import "arena"

type vertex struct {
	edges []*vertex
	back  *vertex
	depth int
}

func newVertex(a *arena.Arena) *vertex {
	if a != nil {
		return arena.New[vertex](a)
	}
	return new(vertex)
}

// graph: a request builds a graph of 400 vertices with six edges each and searches it breadth first.
func graph(a *arena.Arena, n int) int {
	var all, queue []*vertex
	for i := 0; i < 400; i++ {
		all = pushed(a, all, newVertex(a))
	}
	at := uint32(n)
	for _, v := range all {
		for i := 0; i < 6; i++ {
			at = at*1664525 + 1013904223
			v.edges = pushed(a, v.edges, all[(at>>16)%400])
		}
	}
	sum := n
	queue = pushed(a, queue, all[0])
	for i := 0; i < len(queue); i++ {
		for _, to := range queue[i].edges {
			if to.depth == 0 && to != all[0] {
				to.depth, to.back = queue[i].depth+1, queue[i]
				queue = pushed(a, queue, to)
			}
		}
		sum += queue[i].depth
	}
	reply(n, 2048)
	return sum
}

// entry is one of a cache with chains of its own.
type entry struct {
	key         int
	newer       *entry
	older       *entry
	chain       *entry
	hits, value int64
}

const (
	buckets = 256
	most    = 300 // entries of a cache
)

type table struct {
	chains         []*entry
	newest, oldest *entry
	a              *arena.Arena
	size           int
}

// lru: a request fills a cache that forgets what was used least recently, with 1,500 look-ups of 600 keys.
func lru(a *arena.Arena, n int) int {
	t := &table{a: a}
	if a != nil {
		t.chains = arena.MakeSlice[*entry](a, buckets, buckets)
	} else {
		t.chains = make([]*entry, buckets)
	}
	sum, at := n, uint32(n)
	for i := 0; i < 1500; i++ {
		at = at*1664525 + 1013904223
		sum += int(t.get(int(at>>16) % 600))
	}
	reply(n, 512)
	return sum
}

func (t *table) get(key int) int64 {
	place := &t.chains[key%buckets]
	for e := *place; e != nil; e = e.chain {
		if e.key == key {
			e.hits++
			t.unlink(e)
			t.push(e)
			return e.value
		}
	}
	var e *entry
	if t.a != nil {
		e = arena.New[entry](t.a)
	} else {
		e = new(entry)
	}
	e.key, e.value, e.chain = key, int64(key), *place
	*place = e
	t.push(e)
	if t.size++; t.size > most {
		t.drop(t.oldest)
	}
	return 0
}

func (t *table) push(e *entry) {
	e.older, e.newer = t.newest, nil
	if t.newest != nil {
		t.newest.newer = e
	} else {
		t.oldest = e
	}
	t.newest = e
}

func (t *table) unlink(e *entry) {
	if e.newer != nil {
		e.newer.older = e.older
	} else {
		t.newest = e.older
	}
	if e.older != nil {
		e.older.newer = e.newer
	} else {
		t.oldest = e.newer
	}
}

func (t *table) drop(e *entry) {
	t.unlink(e)
	place := &t.chains[e.key%buckets]
	for *place != e {
		place = &(*place).chain
	}
	*place = e.chain
	t.size--
}
