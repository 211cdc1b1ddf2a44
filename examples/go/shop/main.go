// Command shop is an ordinary HTTP server: it searches a catalogue, takes orders and keeps them, all as JSON. It knows
// nothing of arenas or traces; like many servers it imports net/http/pprof.
//
//	shop                   serves on localhost:8080 until it is ended
//	shop -visits 2000      so many visitors, one in ten of whom orders, then it ends
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	_ "net/http/pprof"
	"strconv"
	"strings"
	"sync"
)

type product struct {
	Name  string
	Cents int
	Tags  []string
}

type hit struct {
	Product *product
	Score   float64
	Why     []string
}

type order struct {
	ID    int
	Lines []line
}

type line struct {
	Name  string
	Count int
	Cents int
}

type shop struct {
	products []*product
	byName   map[string]*product

	lock   sync.Mutex
	orders []*order
}

func open(products int) *shop {
	s := &shop{byName: map[string]*product{}}
	for n := 0; n < products; n++ {
		p := &product{fmt.Sprint("thing ", n), 100 + n, []string{fmt.Sprint("tag ", n%7), fmt.Sprint("tag ", n%11)}}
		s.products = append(s.products, p)
		s.byName[p.Name] = p
	}
	return s
}

// search answers with what fits, and why: all of it is made for one answer.
func (s *shop) search(w http.ResponseWriter, r *http.Request) {
	var hits []*hit
	for _, word := range strings.Fields(r.URL.Query().Get("q")) {
		for _, p := range s.products {
			if strings.Contains(p.Name, word) {
				hits = append(hits, &hit{p, float64(len(word)) / float64(len(p.Name)), append([]string{word}, p.Tags...)})
			}
		}
	}
	answer(w, hits)
}

// buy decodes an order and keeps it.
func (s *shop) buy(w http.ResponseWriter, r *http.Request) {
	o := &order{}
	if err := json.NewDecoder(r.Body).Decode(&o.Lines); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	total := 0
	for n, each := range o.Lines {
		p := s.byName[each.Name]
		if p == nil {
			http.Error(w, "no such product: "+strconv.Quote(each.Name), http.StatusNotFound)
			return
		}
		o.Lines[n].Cents = each.Count * p.Cents
		total += o.Lines[n].Cents
	}
	s.lock.Lock()
	o.ID = len(s.orders)
	s.orders = append(s.orders, o)
	s.lock.Unlock()
	answer(w, map[string]int{"order": o.ID, "cents": total})
}

func answer(w http.ResponseWriter, what any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(what); err != nil {
		log.Print(err)
	}
}

// visit asks as a customer does.
func visit(url string, n int) {
	ask := func() (*http.Response, error) { return http.Get(fmt.Sprint(url, "/search?q=thing+", n%100)) }
	if n%10 == 0 {
		order, _ := json.Marshal([]line{{Name: fmt.Sprint("thing ", n%100), Count: 1 + n%3}})
		ask = func() (*http.Response, error) {
			return http.Post(url+"/order", "application/json", bytes.NewReader(order))
		}
	}
	got, err := ask()
	if err != nil {
		log.Fatal(err)
	}
	io.Copy(io.Discard, got.Body)
	got.Body.Close()
}

func main() {
	address := flag.String("http", "localhost:8080", "where it serves")
	visits := flag.Int("visits", 0, "visit itself so often, then end")
	flag.Parse()
	s := open(100)
	http.HandleFunc("/search", s.search)
	http.HandleFunc("/order", s.buy)
	if *visits > 0 {
		*address = "localhost:0"
	}
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	if *visits == 0 {
		log.Printf("http://%s", listener.Addr())
		log.Fatal(http.Serve(listener, nil))
	}
	go http.Serve(listener, nil)
	for n := 0; n < *visits; n++ {
		visit("http://"+listener.Addr().String(), n)
	}
	fmt.Println(*visits, "visits,", len(s.orders), "orders")
}
