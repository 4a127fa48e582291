package load

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/concurrent-network-server/clients/internal/proc"
)

// quietTime is for a server to finish what it does after a request.
const quietTime = 300 * time.Millisecond

// An Idle is how many bytes an idle client costs.
type Idle struct {
	Server float64 // by which the server's process grows
	Kernel float64 // by which the kernel's tables grow, for one end of the connection; NaN if it is not known
}

// IdleMemory returns how many bytes it costs that a client has asked once and then says
// nothing.
func IdleMemory(ctx context.Context, t Target, clients int) (Idle, error) {
	if _, err := Throughput(ctx, t, 1, quietTime); err != nil { // a warm server
		return Idle{}, err
	}
	time.Sleep(quietTime)
	before, err := memory(t.PID)
	if err != nil {
		return Idle{}, err
	}
	connected, err := t.connectIdle(ctx, clients)
	defer closeAll(connected)
	if err != nil {
		return Idle{}, err
	}
	time.Sleep(quietTime)
	after, err := memory(t.PID)
	each := 1 / float64(clients)
	// Both ends of each connection are on this machine.
	return Idle{(after.Server - before.Server) * each, (after.Kernel - before.Kernel) * each / 2}, err
}

// memory returns what a process and the kernel's tables occupy now.
func memory(pid int) (Idle, error) {
	server, err := proc.Resident(pid)
	if err != nil {
		return Idle{}, err
	}
	kernel, err := proc.Slab()
	if errors.Is(err, errors.ErrUnsupported) {
		return Idle{float64(server), math.NaN()}, nil
	}
	return Idle{float64(server), float64(kernel)}, err
}

// connectIdle connects that many clients, a few at a time, each of which asks once. If it fails,
// it returns those that it has.
func (t Target) connectIdle(ctx context.Context, clients int) ([]*Client, error) {
	connected := make([]*Client, clients)
	var group errgroup.Group
	group.SetLimit(32)
	for i := range clients {
		group.Go(func() (err error) {
			if connected[i], err = t.Dial(ctx); errors.Is(err, syscall.EMFILE) {
				return fmt.Errorf("no descriptor left for client %d: allow more with ulimit -n", i+1)
			} else if err != nil {
				return err
			}
			if err = connected[i].Greeted(); err == nil {
				err = connected[i].Echo(uint64(i))
			}
			if err != nil {
				return fmt.Errorf("client %d: %w", i+1, err)
			}
			return nil
		})
	}
	err := group.Wait()
	return slices.DeleteFunc(connected, func(c *Client) bool { return c == nil }), err
}
