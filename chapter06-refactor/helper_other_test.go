//go:build !unix

package main

import (
	"context"
	"testing"
	"time"
)

type checkFunc = func(context.Context, uint64) (bool, error)

// patience is how long a client waits for the server.
const patience = time.Minute

// startScript stands in for the server, which is not there.
func startScript(t *testing.T) (addr string, begun <-chan struct{}) {
	t.Skip("this chapter makes Unix system calls")
	return "", nil
}
