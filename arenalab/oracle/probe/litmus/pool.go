package main

// A build puts the kinds of values of a catalogue here, in the order of their numbers.
var kinds = []kind{}
