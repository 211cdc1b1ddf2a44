//go:build special && wanted

package main

func init() { how = "tagged" }
