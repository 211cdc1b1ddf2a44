// Command orders is an ordinary HTTP server without arenas or annotations, and its own client. It answers sixty requests
// with an order as JSON and keeps every tenth order; the client collects garbage after every twentieth answer, and at the
// end. Run it with GODEBUG=traceallocfree=1; it prints how many orders it made and how many it kept.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/trace"
	"time"
)

const requests = 60

type item struct {
	Name  string
	Price *int
}

type order struct {
	ID    int
	Items []item
}

var (
	made int
	kept []*order
)

func handle(w http.ResponseWriter, _ *http.Request) {
	o := &order{ID: made}
	for i := 0; i < 10; i++ {
		price := 10 * i
		o.Items = append(o.Items, item{fmt.Sprint("item ", i), &price})
	}
	if made%10 == 0 {
		kept = append(kept, o)
	}
	made++
	json.NewEncoder(w).Encode(o)
}

func ask(url string) {
	answer, err := http.Get(url)
	if err != nil {
		panic(err)
	}
	io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
}

func main() {
	out, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	defer out.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go http.Serve(listener, http.HandlerFunc(handle))
	kept = make([]*order, 0, requests)
	if err := trace.Start(out); err != nil {
		panic(err)
	}
	for n := 0; n < requests; n++ {
		ask("http://" + listener.Addr().String())
		time.Sleep(time.Millisecond) // the connection has nothing to read meanwhile, and waits
		if n%20 == 19 {
			runtime.GC()
		}
	}
	runtime.GC()
	trace.Stop()
	fmt.Println(made, len(kept))
}
