package server

import "golang.org/x/sys/unix"

// broken asks the kernel whether a connection has been reset. It asks for no events: errors
// and hang-ups come unasked. (SO_ERROR would also report errors that TCP is still trying
// to get over.)
func broken(fd uintptr) bool {
	events := []unix.PollFd{{Fd: int32(fd)}}
	n, _ := unix.Poll(events, 0)
	return n > 0
}
