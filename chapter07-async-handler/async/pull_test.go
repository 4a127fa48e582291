//go:build unix

package async

import (
	"fmt"
	"iter"
)

// Example_pull lets a function stop twice in the middle.
func Example_pull() {
	next, stop := iter.Pull(func(yield func(string) bool) {
		fmt.Println("f begins")
		yield("bytes to read")
		fmt.Println("f has its bytes")
		yield("room to write")
		fmt.Println("f returns")
	})
	defer stop()
	for want, suspended := next(); suspended; want, suspended = next() {
		fmt.Println("f is waiting for", want)
	}
	// Output:
	// f begins
	// f is waiting for bytes to read
	// f has its bytes
	// f is waiting for room to write
	// f returns
}
