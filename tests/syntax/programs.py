"""Types whose GC programs meet each decision of the compiler's writer, and what Go 1.21.13 wrote for them.

tests/oracle/test_types_oracle.py asks the real compiler for the bytes again.
"""

#: expression -> program in hexadecimal
PROGRAMS = {
    # 30, 31, 32 scalar words between pointers: literals below 32, else a repeat
    "struct{ a [16385]*int; g [30]int; b *int; h [31]int; c *int; i [32]int; d *int }": (
        "010181808001400000004000000040811f010100"
    ),
    # 32 words of an array are written out, 34 are repeated
    "struct{ a [16385]*int; b [16]struct{ p *int; n int }; c [17]struct{ p *int; n int } }": (
        "010181808001225555555501821000"
    ),
    # a literal has at most 127 bits
    "struct{ a [16385]*int; b, c, d, e, f [32]*int }": (
        "0101818080017fffffffffffffffffffffffffffffff7f21ffffffff0100"
    ),
    # 127 words to repeat fit the instruction's first byte
    "[140]struct{ p *int; g [126]int }": ("0201817dff8b0100"),
    # 128 words do not
    "[140]struct{ p *int; g [127]int }": ("0201817e8080018b0100"),
    # arrays of arrays are one array
    "[40][40]struct{ e any; s string; b []byte; n [5]int }": ("0c16008cbf0c00"),
    # scalars before the first pointer
    "[200000]struct{ _ [3]int; p *int }": ("040884bf9a0c00"),
}
