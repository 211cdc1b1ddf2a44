// Command server answers requests for pages with a pool of goroutines. Each request has an arena for its rows
// and its page, freed when the page is written. One thing is wrong: a request that finds nothing returns early,
// and its arena is forgotten.
package main

import (
	"arena"
	"flag"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

type request struct {
	id    int
	query string
}

type row struct {
	title string
	score float64
	next  *row
}

type server struct {
	requests chan request
	pages    atomic.Int64
	bytes    atomic.Int64
	mended   bool // whether the early return frees the arena, too
}

// find builds the rows of a query in the arena, best first.
func find(a *arena.Arena, r request) *row {
	var best *row
	if strings.HasPrefix(r.query, "rare") {
		return best
	}
	for i := 0; i < 30; i++ {
		found := arena.New[row](a)
		found.title, found.score, found.next = r.query, float64(r.id*i%97), best
		best = found
	}
	return best
}

// render writes the rows to a page, which lies in the arena, too.
func render(a *arena.Arena, rows *row) []byte {
	page := arena.MakeSlice[byte](a, 0, 1_600_000)
	for ; rows != nil; rows = rows.next {
		page = fmt.Appendf(page, "<li>%s %.1f</li>\n", rows.title, rows.score)
	}
	return page
}

func (s *server) answer(r request) {
	a := arena.NewArena()
	rows := find(a, r)
	if rows == nil {
		if s.mended {
			a.Free()
		}
		return
	}
	page := render(a, rows)
	s.pages.Add(1)
	s.bytes.Add(int64(len(page)))
	a.Free()
}

func (s *server) work(done *sync.WaitGroup) {
	defer done.Done()
	for r := range s.requests {
		s.answer(r)
	}
}

func main() {
	requests := flag.Int("requests", 48, "how many requests to answer")
	workers := flag.Int("workers", 4, "how many goroutines answer them")
	mended := flag.Bool("mended", false, "free the arena of a request that finds nothing, too")
	flag.Parse()
	s := &server{requests: make(chan request), mended: *mended}
	var done sync.WaitGroup
	for i := 0; i < *workers; i++ {
		done.Add(1)
		go s.work(&done)
	}
	for i := 0; i < *requests; i++ {
		query := "common"
		if i%6 == 4 {
			query = "rare"
		}
		s.requests <- request{i, query}
		if i%16 == 15 {
			runtime.GC() // a quiet moment
		}
	}
	close(s.requests)
	done.Wait()
	fmt.Printf("%d pages, %d bytes\n", s.pages.Load(), s.bytes.Load())
}
