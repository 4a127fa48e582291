//go:build !unix

// Command chapter07-async-handler serves each client in a coroutine of its own, in one goroutine.
package main

import "log"

func main() {
	log.Fatal("this chapter makes Unix system calls: run it on Linux, macOS, a BSD or WSL")
}
