package load

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"example.com/concurrent-network-server/clients/internal/proc"
)

// quietTime is for a server to finish what it does after a request.
const quietTime = 300 * time.Millisecond

// IdleMemory returns by how many bytes a server grows for each client that has asked
// once and then says nothing. Memory of the kernel is not in it.
func IdleMemory(ctx context.Context, t Target, clients int) (float64, error) {
	if _, err := Throughput(ctx, t, 1, quietTime); err != nil { // a warm server
		return 0, err
	}
	time.Sleep(quietTime)
	before, err := proc.Resident(t.PID)
	if err != nil {
		return 0, err
	}
	connected, err := t.connectIdle(ctx, clients)
	defer closeAll(connected)
	if err != nil {
		return 0, err
	}
	time.Sleep(quietTime)
	after, err := proc.Resident(t.PID)
	return float64(after-before) / float64(clients), err
}

// connectIdle connects so many clients, each of which asks once.
func (t Target) connectIdle(ctx context.Context, clients int) ([]*client, error) {
	var connected []*client
	for i := range clients {
		c, err := t.dial(ctx)
		if errors.Is(err, syscall.EMFILE) {
			return connected, fmt.Errorf("no descriptor left for client %d: allow more with ulimit -n", i+1)
		}
		if err != nil {
			return connected, err
		}
		connected = append(connected, c)
		if err := c.greeted(); err != nil {
			return connected, fmt.Errorf("client %d: %w", i+1, err)
		}
		if err := c.echo(uint64(i)); err != nil {
			return connected, fmt.Errorf("client %d: %w", i+1, err)
		}
	}
	return connected, nil
}
