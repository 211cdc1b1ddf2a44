package main

// The types of the programs to be recorded; the recorder's build replaces this
// file by one that it generates.
var pool = [...]pooled{
	{(*int)(nil), (*[]int)(nil), `"int"`},
}
