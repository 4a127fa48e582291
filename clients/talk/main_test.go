package main

import (
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// listen runs a server of one client and returns its address.
func listen(t *testing.T, serve func(*net.TCPConn)) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { ln.Close() })
	go func() {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		serve(conn.(*net.TCPConn))
	}()
	return ln.Addr().String()
}

func TestTalk(t *testing.T) {
	tests := []struct {
		name     string
		segments []string
		in       string
		reply    string
		wantSent string
		wantOut  string
	}{
		{"one segment", []string{"^a$"}, "unread", "*b", "^a$", "*b\n"},
		{"two segments", []string{"^P", "7$"}, "unread", "*prime\n", "^P7$", "*prime\n"},
		{"an empty segment", []string{""}, "unread", "*", "", "*\n"},
		{"input", nil, "^a$\n^b$\n", "*bc", "^a$\n^b$\n", "*bc\n"},
		{"silent server", []string{"^$"}, "", "", "^$", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sent := make(chan string, 1)
			addr := listen(t, func(conn *net.TCPConn) {
				got, _ := io.ReadAll(conn) // until talk shuts down its sending side
				sent <- string(got)
				io.WriteString(conn, test.reply)
			})
			var out strings.Builder
			require.NoError(t, talk(addr, test.segments, strings.NewReader(test.in), &out))
			assert.Equal(t, test.wantOut, out.String())
			assert.Equal(t, test.wantSent, <-sent)
		})
	}
}

// TestHangUp proves that talk ends when the server does, though the input goes on.
func TestHangUp(t *testing.T) {
	addr := listen(t, func(conn *net.TCPConn) { io.WriteString(conn, "*") })
	in, _ := io.Pipe()
	var out strings.Builder
	require.NoError(t, talk(addr, nil, in, &out))
	assert.Equal(t, "*\n", out.String())
}

// TestWhileTyping proves that a reply is shown while the input goes on.
func TestWhileTyping(t *testing.T) {
	addr := listen(t, func(conn *net.TCPConn) {
		got := make([]byte, len("^a$\n"))
		io.ReadFull(conn, got)
		io.WriteString(conn, "b")
		io.Copy(io.Discard, conn)
	})
	in, typing := io.Pipe()
	screen, out := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- talk(addr, nil, in, out) }()

	io.WriteString(typing, "^a$\n")
	shown := make([]byte, 1)
	io.ReadFull(screen, shown)
	assert.Equal(t, "b", string(shown))

	go io.Copy(io.Discard, screen)
	typing.Close()
	assert.NoError(t, <-done)
}

func TestReset(t *testing.T) {
	addr := listen(t, func(conn *net.TCPConn) {
		io.ReadFull(conn, make([]byte, 1))
		conn.SetLinger(0) // Close resets the connection
	})
	err := talk(addr, []string{"^a$"}, nil, io.Discard)
	assert.ErrorContains(t, err, "reset")
}

func TestRefused(t *testing.T) {
	err := talk("127.0.0.1:1", nil, nil, io.Discard)
	assert.ErrorContains(t, err, "refused")
}
