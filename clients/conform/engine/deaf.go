package engine

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

const (
	socketBuffer = 32 << 10
	maxTaken     = 64 << 20 // a server that takes more from a client that does not read takes everything
)

// Push sends a unit again and again, and does not read, until the server takes no more. It
// returns how many bytes were taken. A server that takes everything fails the case.
func (c *Client) Push(unit string) (taken int) {
	if c.Failed() {
		return 0
	}
	c.conn.SetReadBuffer(socketBuffer)
	c.conn.SetWriteBuffer(socketBuffer)
	taken, stalled := c.push(unit)
	if !stalled {
		c.Fail(fmt.Sprintf("the server took %d MiB from a client that does not read", taken>>20))
	}
	return taken
}

func (c *Client) push(unit string) (taken int, stalled bool) {
	for taken < cmp.Or(c.Options.MaxTaken, maxTaken) {
		c.conn.SetWriteDeadline(time.Now().Add(5*Moment + 10*c.RoundTrip))
		n, err := io.WriteString(c.conn, unit[taken%len(unit):])
		taken += n
		if err != nil {
			c.record.sent(unit, taken/len(unit))
			c.record.note(fmt.Sprintf("%s, after %d bytes", cause(err), taken))
			return taken, errors.Is(err, os.ErrDeadlineExceeded)
		}
	}
	return taken, false
}
