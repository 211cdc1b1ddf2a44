package main

import (
	"arena"
	"encoding/binary"
	"unsafe"
)

// order, item and place are as protobuf's generated code has them: a pointer for each field that may be missing.
type order struct {
	id    *int64
	name  *string
	items []*item
	to    *place
	extra []byte
}

type item struct {
	article *string
	count   *int32
	price   *float64
}

type place struct {
	street, town *string
	zip          *int32
}

// packed is an order of 25 items: fields of a tag, a length and a payload.
var packed = func() []byte {
	field := func(to []byte, tag byte, payload []byte) []byte {
		return append(binary.AppendUvarint(append(to, tag), uint64(len(payload))), payload...)
	}
	out := field(nil, 1, binary.AppendUvarint(nil, 123456789))
	out = field(out, 2, []byte("a customer with a name"))
	for i := 0; i < 25; i++ {
		one := field(nil, 1, []byte("article 4711 in green"))
		one = field(one, 2, binary.AppendUvarint(nil, uint64(i+1)))
		one = field(one, 3, binary.AppendUvarint(nil, uint64(100*i)))
		out = field(out, 3, one)
	}
	where := field(nil, 1, []byte("a street and a number"))
	where = field(where, 2, []byte("town"))
	where = field(where, 3, binary.AppendUvarint(nil, 12345))
	return field(out, 4, where)
}()

// boxed returns a new place for a value.
func boxed[T any](a *arena.Arena, v T) *T {
	var p *T
	if a != nil {
		p = arena.New[T](a)
	} else {
		p = new(T)
	}
	*p = v
	return p
}

func copied(a *arena.Arena, payload []byte) *string {
	to := append(room(a, len(payload)), payload...)
	return boxed(a, unsafe.String(unsafe.SliceData(to), len(to)))
}

func number(payload []byte) int64 {
	n, _ := binary.Uvarint(payload)
	return int64(n)
}

// each calls visit with the tag and payload of every field.
func each(in []byte, visit func(tag byte, payload []byte)) {
	for len(in) > 0 {
		length, wide := binary.Uvarint(in[1:])
		begin := 1 + wide
		visit(in[0], in[begin:begin+int(length)])
		in = in[begin+int(length):]
	}
}

// wire: a request decodes an order of 25 items, as protobuf's generated code would.
func wire(a *arena.Arena, n int) int {
	o := boxed(a, order{})
	each(packed, func(tag byte, payload []byte) {
		switch tag {
		case 1:
			o.id = boxed(a, number(payload))
		case 2:
			o.name = copied(a, payload)
		case 3:
			o.items = pushed(a, o.items, readItem(a, payload))
		case 4:
			o.to = readPlace(a, payload)
		}
	})
	sum := n + int(*o.id) + len(*o.name) + int(*o.to.zip)
	for _, each := range o.items {
		sum += int(*each.count) + int(*each.price) + len(*each.article)
	}
	reply(n, 1024)
	return sum
}

func readItem(a *arena.Arena, in []byte) *item {
	i := boxed(a, item{})
	each(in, func(tag byte, payload []byte) {
		switch tag {
		case 1:
			i.article = copied(a, payload)
		case 2:
			i.count = boxed(a, int32(number(payload)))
		case 3:
			i.price = boxed(a, float64(number(payload)))
		}
	})
	return i
}

func readPlace(a *arena.Arena, in []byte) *place {
	p := boxed(a, place{})
	each(in, func(tag byte, payload []byte) {
		switch tag {
		case 1:
			p.street = copied(a, payload)
		case 2:
			p.town = copied(a, payload)
		case 3:
			p.zip = boxed(a, int32(number(payload)))
		}
	})
	return p
}
