// Command overtls is a server that speaks HTTP/2, and its own client. It answers forty requests, keeps the second half of
// every tenth answer, and collects garbage after every tenth. It prints how many answers it made and how many it kept.
//
//	overtls out.trace
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/trace"
)

const requests = 40

type answer struct {
	half *half
	text [4]string
}

type half struct {
	text [8]string
}

var (
	made int
	kept []*half
)

func handle(w http.ResponseWriter, r *http.Request) {
	a := &answer{half: &half{}}
	if made%10 == 0 {
		kept = append(kept, a.half)
	}
	made++
	fmt.Fprintln(w, a, r.Proto)
}

func main() {
	server := httptest.NewUnstartedServer(http.HandlerFunc(handle))
	server.EnableHTTP2 = true
	server.StartTLS()
	out, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	defer out.Close()
	if err := trace.Start(out); err != nil {
		panic(err)
	}
	for i := 0; i < requests; i++ {
		got, err := server.Client().Get(server.URL)
		if err != nil || got.ProtoMajor != 2 {
			panic(fmt.Sprint(err, got))
		}
		io.Copy(io.Discard, got.Body)
		got.Body.Close()
		if i%10 == 9 {
			runtime.GC()
		}
	}
	runtime.GC()
	runtime.GC()
	trace.Stop()
	fmt.Println(made, len(kept))
}
