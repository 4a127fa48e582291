//go:build !unix

package main

import (
	"testing"
	"time"
)

// patience is how long a client waits for the server.
const patience = time.Minute

// startServer stands in for the server, which is not there.
func startServer(t *testing.T) string {
	t.Skip("this chapter makes Unix system calls")
	return ""
}
