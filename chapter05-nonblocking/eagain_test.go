//go:build unix

package main

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Example_eagain reads from a pipe in which there is nothing yet.
func Example_eagain() {
	var pipe [2]int // two descriptors: what you write to the second can be read from the first
	unix.Pipe(pipe[:])
	unix.SetNonblock(pipe[0], true)
	buf := make([]byte, 16)

	fmt.Println(unix.Read(pipe[0], buf))
	unix.Write(pipe[1], []byte("hello"))
	fmt.Println(unix.Read(pipe[0], buf))
	unix.Close(pipe[1])
	fmt.Println(unix.Read(pipe[0], buf))
	// Output:
	// -1 resource temporarily unavailable
	// 5 <nil>
	// 0 <nil>
}
