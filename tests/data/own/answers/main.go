// Answers: what stands in its input, its environment, its folder, and how it was built.
package main

import (
	"arena"
	"fmt"
	"io"
	"os"
)

var how = "plain"

func main() {
	a := arena.NewArena()
	text, _ := io.ReadAll(os.Stdin)
	copy(arena.MakeSlice[byte](a, len(text), len(text)+1), text)
	folder, _ := os.Getwd()
	fmt.Printf("%q %s %s %s\n", text, os.Getenv("ASKED"), folder, how)
	a.Free()
}
