//go:build !unix

package main

import (
	"context"
	"net"
	"testing"
)

func startServer(t *testing.T) string {
	t.Skip("this chapter makes Unix system calls")
	return ""
}

func startServerWith(t *testing.T, check checkFunc) string { return startServer(t) }

// noServer stands in for the server, which is not there.
type noServer struct{}

func newServer(checkFunc) noServer { return noServer{} }

func (noServer) Serve(context.Context, net.Listener) error { return nil }
