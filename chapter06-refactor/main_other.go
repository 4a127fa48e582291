//go:build !unix

// Command chapter06-refactor serves every client in one goroutine.
package main

import "log"

func main() {
	log.Fatal("this chapter makes Unix system calls: run it on Linux, macOS, a BSD or WSL")
}
