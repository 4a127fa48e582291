package chapters_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/testserver"
)

// queued starts the only chapter with what it needs beyond its machine, and returns the address of its broker.
func queued(t *testing.T) (*chapters.Queued, string) {
	all := testserver.Workbook(t, "chapter09-right")
	testserver.Beyond(t, "chapter09-right", ".", "broker", "checker")
	q, err := all[0].StartQueued(t.Context(), t.TempDir())
	require.NoError(t, err)
	t.Cleanup(q.Stop)
	addresses := testserver.Addresses(t, runtime.NumCPU()+2)
	assert.Equal(t, q.Addr, addresses[len(addresses)-1], "the server is the last")
	return q, addresses[0]
}

// TestKillBroker: the broker dies alone, and comes back where it was.
func TestKillBroker(t *testing.T) {
	q, broker := queued(t)
	for range 2 {
		assert.True(t, testserver.Listens(broker))
		q.KillBroker()
		assert.False(t, testserver.Listens(broker))
		for _, addr := range testserver.Addresses(t, 1)[1 : runtime.NumCPU()+2] {
			assert.True(t, testserver.Listens(addr), "the others go on")
		}
		require.NoError(t, q.RestartBroker(t.Context()))
	}
	q.Stop()
	testserver.AwaitEnd(t, runtime.NumCPU()+4)
}

// TestKillQueued: nothing is left, and nothing begins afterwards.
func TestKillQueued(t *testing.T) {
	q, broker := queued(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	q.Kill()
	testserver.AwaitEnd(t, runtime.NumCPU()+2)
	assert.ErrorIs(t, q.RestartBroker(ctx), context.Canceled)
	assert.False(t, testserver.Listens(broker))
}
