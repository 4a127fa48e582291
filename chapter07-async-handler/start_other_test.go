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

// noServer stands in for the server, which is not there.
type noServer struct{}

func newServer(func(uint64) bool) noServer { return noServer{} }

func (noServer) Serve(context.Context, net.Listener) error { return nil }
