package load_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"

	"example.com/concurrent-network-server/clients/internal/load"
	"example.com/concurrent-network-server/clients/internal/testserver"
)

// TestIdleMemory measures this process, which is server and clients at once.
func TestIdleMemory(t *testing.T) {
	target := load.Target{Addr: testserver.Start(t, testserver.Server{}), PID: os.Getpid()}
	each, err := load.IdleMemory(limited(t), target, 500)
	assert.NoError(t, err)
	assert.Greater(t, each.Server, 1000.0)
	assert.Greater(t, each.Kernel, 500.0)
	_, err = load.IdleMemory(limited(t), load.Target{Addr: target.Addr, PID: -1}, 1)
	assert.Error(t, err)
}
