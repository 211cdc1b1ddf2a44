"""Declarations that Go refuses, each on a line of its own, with the compiler's words.

The words are those of Go 1.21's `go build -gcflags=-e`; tests/oracle/test_types_oracle.py asks the
real compiler for them again.
"""

#: declaration -> (column, the compiler's reason)
REFUSED = {
    "type A struct { A }": (6, "invalid recursive type: A refers to itself"),
    "type A [2]A": (6, "invalid recursive type: A refers to itself"),
    "type A [0]A": (6, "invalid recursive type: A refers to itself"),
    "type A A": (6, "invalid recursive type: A refers to itself"),
    "type A = A": (6, "invalid recursive type: A refers to itself"),
    "type A = *A": (6, "invalid recursive type: A refers to itself"),
    "type A = struct{ next *A }": (6, "invalid recursive type: A refers to itself"),
    "type A interface { A }": (6, "invalid recursive type: A refers to itself"),
    "type A struct { b B }; type B [2]A": (6, "invalid recursive type A"),
    "type A struct { b B }; type B struct { c C }; type C struct { x int; a A }": (
        6,
        "invalid recursive type A",
    ),
    "type A []B": (10, "undefined: B"),
    "type A map[B]int": (12, "undefined: B"),
    "type A func(int) B": (18, "undefined: B"),
    "type A interface { M() B }": (24, "undefined: B"),
    "type A struct { f foo.Bar }": (19, "undefined: foo"),
    "type A struct { f unsafe.Foo }": (26, "undefined: unsafe.Foo"),
    "type A [-1]int": (9, "invalid array length -1 (untyped int constant)"),
    "type A [9223372036854775808]byte": (
        9,
        "invalid array length 9223372036854775808 (untyped int constant)",
    ),
    "type A [1.5]int": (9, "array length 1.5 (untyped float constant) must be integer"),
    'type A ["a"]int': (9, 'array length "a" (untyped string constant) must be integer'),
    "type A [...]int": (8, "invalid use of [...] array (outside a composite literal)"),
    "type A [1 / 0]int": (13, "invalid operation: division by zero"),
    "type A map[[]int]int": (12, "invalid map key type []int"),
    "type A map[struct{f func()}]int": (12, "invalid map key type struct{f func()}"),
    "type A map[[2]map[int]int]int": (12, "invalid map key type [2]map[int]int"),
    "type A struct { a int; a bool }": (24, "a redeclared"),
    "type A struct { int; int }": (22, "int redeclared"),
    "type A struct { B int; B }; type B int": (24, "B redeclared"),
    "type A struct { *error }": (17, "embedded field type cannot be a pointer to an interface"),
    "type A struct { unsafe.Pointer }": (17, "embedded field type cannot be unsafe.Pointer"),
    "type A struct { B }; type B *int": (17, "embedded field type cannot be a pointer"),
    "type A struct { *B }; type B *int": (17, "embedded field type cannot be a pointer"),
    "type A interface { M(); M() }": (25, "duplicate method M"),
    "type A interface { Error(); error }": (29, "duplicate method Error"),
    "type A interface { _() }": (20, "methods must have a unique non-blank name"),
    "type A struct { v interface { int } }": (19, "cannot use type interface{int} outside a type constraint"),
    "type A struct { x comparable }": (19, "cannot use type comparable outside a type constraint"),
    "type A func(a, b int) (c ...int, d int)": (26, "can only use ... with final parameter in list"),
    "type A func(a ...int, b int)": (15, "can only use ... with final parameter in list"),
    "type A int; type A bool": (18, "A redeclared in this block"),
    "type A _": (8, "cannot use _ as value or type"),
}
