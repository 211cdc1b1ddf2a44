// Command workers lets a pool of goroutines multiply matrices, each job in an arena
// that nobody frees: its handle is dropped, and a finalizer gives the memory back.
package main

import (
	"arena"
	"flag"
	"fmt"
	"runtime"
	"sync"
)

type job struct{ size, seed int }

type result struct {
	job
	trace float64
}

func matrix(a *arena.Arena, size, seed int) [][]float64 {
	rows := arena.MakeSlice[[]float64](a, size, size)
	for i := range rows {
		rows[i] = arena.MakeSlice[float64](a, size, size)
		for j := range rows[i] {
			rows[i][j] = float64((i*size+j)*seed%17) / 7
		}
	}
	return rows
}

func multiply(j job) result {
	a := arena.NewArena() // never freed
	left, right := matrix(a, j.size, j.seed), matrix(a, j.size, j.seed+1)
	product := matrix(a, j.size, 0)
	trace := 0.0
	for i := range product {
		for k := range right {
			for c := range product[i] {
				product[i][c] += left[i][k] * right[k][c]
			}
		}
		trace += product[i][i]
	}
	runtime.KeepAlive(a)
	return result{j, trace}
}

func main() {
	jobs := flag.Int("jobs", 48, "how many products to compute")
	workers := flag.Int("workers", 4, "how many goroutines compute them")
	flag.Parse()
	queue, results := make(chan job), make(chan result)
	var pool sync.WaitGroup
	for i := 0; i < *workers; i++ {
		pool.Add(1)
		go func() {
			defer pool.Done()
			for j := range queue {
				results <- multiply(j)
			}
		}()
	}
	go func() {
		for i := 0; i < *jobs; i++ {
			queue <- job{150 + i%5*60, i + 1}
		}
		close(queue)
		pool.Wait()
		close(results)
	}()
	sum := 0.0
	for r := range results {
		sum += r.trace
	}
	fmt.Printf("%d products by %d workers, traces add up to %.1f\n", *jobs, *workers, sum)
}
