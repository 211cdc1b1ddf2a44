package main

import (
	"syscall"
	"unsafe"
)

var (
	input    [64 << 20]byte
	inputLen int
	cursor   int // of the next byte to read
	line     int // number of the line read last, for messages

	output    [1 << 20]byte
	outputLen int
)

func readInput() {
	for {
		room := input[inputLen:]
		if len(room) == 0 {
			fail("the operation list is larger than 64 MiB")
		}
		n, _, errno := syscall.RawSyscall(syscall.SYS_READ, 0, uintptr(unsafe.Pointer(&room[0])), uintptr(len(room)))
		if errno != 0 {
			fail("cannot read the operation list")
		}
		if n == 0 {
			return
		}
		inputLen += int(n)
	}
}

// nextLine moves to the first byte of the next line that is not empty.
func nextLine() bool {
	for cursor < inputLen && input[cursor] <= ' ' {
		if input[cursor] == '\n' {
			line++
		}
		cursor++
	}
	return cursor < inputLen
}

func nextByte() byte {
	skipBlanks()
	if cursor >= inputLen {
		fail("the line ends too early")
	}
	cursor++
	return input[cursor-1]
}

func nextNumber(below int) int {
	skipBlanks()
	n, digits := 0, 0
	for ; cursor < inputLen && input[cursor] >= '0' && input[cursor] <= '9'; cursor++ {
		n = n*10 + int(input[cursor]-'0')
		if digits++; digits > 18 {
			break
		}
	}
	if digits == 0 || n >= below {
		fail("a number is missing or too large")
	}
	return n
}

func skipBlanks() {
	for cursor < inputLen && input[cursor] == ' ' {
		cursor++
	}
}

func moreOnLine() bool {
	skipBlanks()
	return cursor < inputLen && input[cursor] > ' '
}

// writer lets the printing calls be chained; it has no state of its own.
type writer struct{}

func text(s string) writer {
	if outputLen+len(s) > len(output) {
		flush()
	}
	outputLen += copy(output[outputLen:], s)
	return writer{}
}

func (w writer) text(s string) writer { return text(s) }

func (w writer) integer(n int) writer {
	if n < 0 {
		text("-")
		return w.digits(uint64(-n), 10)
	}
	return w.digits(uint64(n), 10)
}

func (w writer) hex(n uint64) writer { return w.digits(n, 16) }

func (w writer) address(n uintptr) writer {
	text(`"0x`)
	w.digits(uint64(n), 16)
	return text(`"`)
}

func (w writer) boolean(b bool) writer {
	if b {
		return text("true")
	}
	return text("false")
}

func (w writer) digits(n uint64, base uint64) writer {
	var room [20]byte
	i := len(room)
	for {
		i--
		room[i] = "0123456789abcdef"[n%base]
		if n /= base; n == 0 {
			break
		}
	}
	if outputLen+len(room) > len(output) {
		flush()
	}
	outputLen += copy(output[outputLen:], room[i:])
	return w
}

// hexByte prints one byte as two digits.
func (w writer) hexByte(b byte) writer {
	w.digits(uint64(b>>4), 16)
	return w.digits(uint64(b&15), 16)
}

func flush() {
	for start := 0; start < outputLen; {
		n, _, errno := syscall.RawSyscall(syscall.SYS_WRITE, 1, uintptr(unsafe.Pointer(&output[start])), uintptr(outputLen-start))
		if errno == syscall.EINTR {
			continue
		}
		if errno != 0 {
			exit(4)
		}
		start += int(n)
	}
	outputLen = 0
}
