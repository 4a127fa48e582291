package main

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// options returns what tune and net set.
func options(t *testing.T, fd int) map[int]int {
	values := map[int]int{}
	for _, option := range []int{unix.TCP_NODELAY, unix.TCP_KEEPIDLE, unix.TCP_KEEPINTVL, unix.TCP_KEEPCNT} {
		value, err := unix.GetsockoptInt(fd, unix.IPPROTO_TCP, option)
		require.NoError(t, err)
		values[option] = value
	}
	keepAlive, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE)
	require.NoError(t, err)
	values[-1] = keepAlive
	return values
}

// TestTune compares a client of the loop with a client of net.
func TestTune(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := ln.Addr().String()
	connect := func() {
		conn, err := net.Dial("tcp", addr)
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close() })
	}
	connect()
	conn, err := ln.Accept()
	require.NoError(t, err)
	defer conn.Close()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	require.NoError(t, err)
	var want map[int]int
	require.NoError(t, raw.Control(func(fd uintptr) { want = options(t, int(fd)) }))

	listener, err := takeOver(ln)
	require.NoError(t, err)
	defer unix.Close(listener)
	require.NoError(t, unix.SetNonblock(listener, false))
	connect()
	fd, err := accept(listener)
	require.NoError(t, err)
	defer unix.Close(fd)
	tune(fd)
	assert.Equal(t, want, options(t, fd))
	assert.True(t, closesOnExec(t, listener), "the listener")
	assert.True(t, closesOnExec(t, fd), "the client")
}

func closesOnExec(t *testing.T, fd int) bool {
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	require.NoError(t, err)
	return flags&unix.FD_CLOEXEC != 0
}
