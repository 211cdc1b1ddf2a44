//go:build !go1.24

package main

func makeWeakPointer(int, uintptr) { fail("this Go has no weak pointers") }

func weakValue(int) uintptr { return 0 }

func weakWord(int) (uintptr, bool) { return 0, false }
