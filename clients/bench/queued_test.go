package main

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/testserver"
)

// queuedWorkbook changes to a workbook of one chapter, with the programs in these folders of
// its module beyond. All are servers of the protocol.
func queuedWorkbook(t *testing.T, folders ...string) server {
	testserver.Workbook(t, "chapter09-right")
	testserver.Beyond(t, "chapter09-right", folders...)
	o := short
	o.queue, o.names = true, "beside"
	require.NoError(t, o.check())
	servers, _, err := o.servers(t.TempDir())
	require.NoError(t, err)
	require.Len(t, servers, 2)
	assert.Equal(t, servers[0].String()+", -queue", servers[1].String())
	return servers[1]
}

// TestQueued proves that chapter 9 is measured with a broker and a checker for each core,
// and that none of them is left behind.
func TestQueued(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	r, err := measure(t, []server{queuedWorkbook(t, ".", "broker", "checker")}, "beside")
	require.NoError(t, err)
	assert.NotEmpty(t, r.Results[0].Values)
	all := (1 + short.runs) * (1 + runtime.NumCPU() + 1) // once to find out how many clients it serves
	assert.Len(t, testserver.Addresses(t, all), all)
	testserver.AwaitEnd(t, all)
}

// TestNotQueued proves that a server which doesn't use the queue isn't measured as if it did.
func TestNotQueued(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	t.Setenv("WRONG", "lonely")
	r, err := measure(t, []server{queuedWorkbook(t, ".", "broker", "checker")}, "beside")
	assert.Equal(t, errFailed, err)
	assert.Equal(t, errNotQueued.Error(), r.Results[0].Missing)
}

// TestNoChecker proves that the broker is not left behind when the checkers don't build.
func TestNoChecker(t *testing.T) {
	r, err := measure(t, []server{queuedWorkbook(t, ".", "broker")}, "beside")
	assert.Equal(t, errFailed, err)
	assert.Contains(t, r.Results[0].Missing, "it does not build")
	testserver.AwaitEnd(t, 1)
}
