//go:build !go1.24

package main

import "unsafe"

func makeWeak(int, uintptr)     { panic("weak pointers came with Go 1.24") }
func weakValue(int) string      { panic("weak pointers came with Go 1.24") }
func addCleanup(unsafe.Pointer) { panic("AddCleanup came with Go 1.24") }
