//go:build unix

package async

import (
	"iter"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"example.com/concurrent-network-server/chapter07-async-handler/socket"
)

// BenchmarkSwitch hands control to somebody else and gets it back: two switches. A
// system call that finds nothing to read is there for comparison.
func BenchmarkSwitch(b *testing.B) {
	b.Run("coroutine", func(b *testing.B) {
		next, stop := iter.Pull(func(yield func(int) bool) {
			for yield(0) {
			}
		})
		defer stop()
		for b.Loop() {
			next()
		}
	})
	b.Run("channels", func(b *testing.B) {
		resume, suspended := make(chan bool), make(chan int)
		defer close(resume)
		go func() {
			for range resume {
				suspended <- 0
			}
		}()
		for b.Loop() {
			resume <- true
			<-suspended
		}
	})
	b.Run("read", func(b *testing.B) {
		ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		require.NoError(b, err)
		defer unix.Close(ends[0])
		defer unix.Close(ends[1])
		require.NoError(b, unix.SetNonblock(ends[0], true))
		buf := make([]byte, 512)
		for b.Loop() {
			if _, err := socket.Read(ends[0], buf); err != unix.EAGAIN {
				b.Fatal(err)
			}
		}
	})
}
