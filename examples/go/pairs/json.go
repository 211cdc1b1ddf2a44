package main

import (
	"arena"
	"strconv"
	"strings"
	"unsafe"
)

// value is a JSON value; list holds an array's values or, with their names, an object's.
type value struct {
	name   string
	text   string
	number float64
	list   []*value
}

var document = func() string {
	var b strings.Builder
	b.WriteString(`[`)
	for i := 0; i < 20; i++ {
		if i > 0 {
			b.WriteString(`,`)
		}
		b.WriteString(`{"id":` + strconv.Itoa(1000+i) + `,"name":"customer number ` + strconv.Itoa(i) +
			`","tags":["red","green","blue"],"place":{"street":"long street ` + strconv.Itoa(i) + `","zip":"12345"}}`)
	}
	b.WriteString(`]`)
	return b.String()
}()

// parser reads a document whose grammar is sound.
type parser struct {
	a  *arena.Arena
	in string
	at int
}

// parseJSON: a request parses a document of 20 objects and keeps a short reply.
func parseJSON(a *arena.Arena, n int) int {
	p := parser{a: a, in: document}
	root := p.value()
	sum := n + root.count()
	reply(n, 256)
	return sum
}

func (v *value) count() int {
	sum := len(v.text) + int(v.number)
	for _, each := range v.list {
		sum += each.count()
	}
	return sum
}

func (p *parser) value() *value {
	var v *value
	if p.a != nil {
		v = arena.New[value](p.a)
	} else {
		v = new(value)
	}
	switch p.in[p.at] {
	case '[', '{':
		p.children(v)
	case '"':
		v.text = p.text()
	default:
		start := p.at
		for p.in[p.at] >= '0' && p.in[p.at] <= '9' {
			p.at++
		}
		number, _ := strconv.ParseFloat(p.in[start:p.at], 64)
		v.number = number
	}
	return v
}

func (p *parser) children(v *value) {
	named := p.in[p.at] == '{'
	for p.in[p.at] != ']' && p.in[p.at] != '}' {
		p.at++ // the bracket, or a comma
		name := ""
		if named {
			name = p.text()
			p.at++ // the colon
		}
		child := p.value()
		child.name = name
		v.list = pushed(p.a, v.list, child)
	}
	p.at++
}

// text copies a string out of the input, as a parser does that does not keep its input.
func (p *parser) text() string {
	start := p.at + 1
	p.at = start + strings.IndexByte(p.in[start:], '"') + 1
	var to []byte
	if length := p.at - 1 - start; p.a != nil {
		to = arena.MakeSlice[byte](p.a, length, length)
	} else {
		to = make([]byte, length)
	}
	copy(to, p.in[start:p.at-1])
	return unsafe.String(unsafe.SliceData(to), len(to))
}

// pushed appends to a slice that doubles.
func pushed[T any](a *arena.Arena, list []T, each T) []T {
	if len(list) == cap(list) {
		var longer []T
		if size := 2*len(list) + 2; a != nil {
			longer = arena.MakeSlice[T](a, len(list), size)
		} else {
			longer = make([]T, len(list), size)
		}
		copy(longer, list)
		list = longer
	}
	return append(list, each)
}
