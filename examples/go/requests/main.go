// Command requests answers requests for documents. Each request builds its tree and
// keeps its attachments in an arena that is freed when the answer is written. One thing is wrong: a cache
// remembers a node of some trees, and its pointer outlives the arena.
package main

import (
	"arena"
	"flag"
	"fmt"
	"runtime"
	"strings"
)

type value struct {
	text    string
	number  float64
	members []member
	items   []*value
}

type member struct {
	name string
	*value
}

// cache is the leak: what it points to lies in arenas that were freed.
var cache []*value

func document(a *arena.Arena, depth, seed int) *value {
	v := arena.New[value](a)
	switch {
	case depth == 0 && seed%2 == 0:
		v.number = float64(seed)
	case depth == 0:
		b := arena.MakeSlice[byte](a, 0, 24)
		v.text = string(fmt.Appendf(b, "leaf %d", seed))
	case seed%3 == 0:
		v.items = arena.MakeSlice[*value](a, 0, 6)
		for i := 0; i < 6; i++ {
			v.items = append(v.items, document(a, depth-1, seed+i))
		}
	default:
		v.members = arena.MakeSlice[member](a, 0, 5)
		for i := 0; i < 5; i++ {
			v.members = append(v.members, member{"key", document(a, depth-1, seed*5+i)})
		}
	}
	return v
}

func (v *value) write(out *strings.Builder) {
	switch {
	case v.items != nil:
		for _, item := range v.items {
			item.write(out)
		}
	case v.members != nil:
		for _, m := range v.members {
			out.WriteString(m.name)
			m.value.write(out)
		}
	case v.text != "":
		out.WriteString(v.text)
	default:
		fmt.Fprint(out, v.number)
	}
}

func answer(request, depth int) int {
	a := arena.NewArena()
	defer a.Free()
	root := document(a, depth, request)
	for i := 0; i < 5; i++ {
		attachment := arena.MakeSlice[byte](a, 1_900_000, 1_900_000)
		attachment[request] = 1
	}
	if request%8 == 3 {
		cache = append(cache, root)
	}
	var out strings.Builder
	root.write(&out)
	return out.Len()
}

func main() {
	requests := flag.Int("requests", 60, "how many requests to answer")
	depth := flag.Int("depth", 4, "how deep a document's tree is")
	flag.Parse()
	written := 0
	for i := 0; i < *requests; i++ {
		written += answer(i, *depth)
		if i%10 == 9 {
			runtime.GC() // a quiet moment
		}
	}
	fmt.Printf("%d requests answered, %d bytes, %d nodes remembered\n", *requests, written, len(cache))
	runtime.KeepAlive(cache)
}
