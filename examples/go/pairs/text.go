package main

import "arena"

func room(a *arena.Arena, length int) []byte {
	if a != nil {
		return arena.MakeSlice[byte](a, 0, length)
	}
	return make([]byte, 0, length)
}

// text: a request makes 150 short strings without pointers and joins them, ten by ten, then all.
func text(a *arena.Arena, n int) int {
	page := room(a, 8192)
	for i := 0; i < 15; i++ {
		line := room(a, 512)
		for j := 0; j < 10; j++ {
			line = append(line, word(a, n+i*10+j)...)
		}
		page = append(page, line...)
	}
	reply(n, len(page))
	return len(page) + int(page[len(page)/2])
}

func word(a *arena.Arena, n int) []byte {
	w := append(room(a, 32), "word number "...)
	for digits := n%100_000 + 100_000; digits > 0; digits /= 10 {
		w = append(w, byte('0'+digits%10))
	}
	return append(w, ' ')
}
