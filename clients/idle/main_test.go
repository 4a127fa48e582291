package main

import (
	"context"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestIdle opens three connections, of which the server greets two.
func TestIdle(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	heard := make(chan string, 3)
	go func() {
		for i := range 3 {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			if i < 2 {
				io.WriteString(conn, "*")
			}
			go hear(conn, heard)
		}
	}()

	ctx, interrupt := context.WithCancel(t.Context())
	screen, out := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- idle(ctx, ln.Addr().String(), 3, "^a$", out) }()
	want := "3 connected\n2 greeted\n"
	got := make([]byte, len(want))
	io.ReadFull(screen, got)
	assert.Equal(t, want, string(got))
	assert.Empty(t, heard, "a connection ended before the interrupt")

	interrupt()
	require.NoError(t, <-done)
	for range 3 {
		assert.Equal(t, "^a$", <-heard)
	}
}

// hear reads a connection to its end.
func hear(conn net.Conn, heard chan<- string) {
	defer conn.Close()
	got, _ := io.ReadAll(conn)
	heard <- string(got)
}

func TestRefused(t *testing.T) {
	err := idle(t.Context(), "127.0.0.1:1", 3, "", io.Discard)
	assert.ErrorContains(t, err, "connection 1: ")
	assert.ErrorContains(t, err, "refused")
}
