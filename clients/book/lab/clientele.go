package lab

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/internal/proc"
	"example.com/concurrent-network-server/clients/internal/script"
)

const (
	longPrime = "^P2305843009213693951$"

	// quickerPrime takes a sixth of the time, so that a drain's ten seconds are enough for two on a busy machine, too.
	quickerPrime = "^P72057594037927931$"

	// headStart is between LongPrime's request and the other clients of the script.
	headStart = 200 * time.Millisecond

	// keystroke is between the bytes of a request that comes one byte at a time.
	keystroke = 100 * time.Millisecond

	maxUnread = 64 << 20 // bytes that the client sends that does not read
)

// playScript plays the script of three, as clients/tour does.
func playScript(ctx context.Context, s *server, _ Request) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var clients []*client
	err := script.Run(ctx, s.process.Addr, headStart, func(e script.Event) {
		asks := script.Clients[e.Client]
		if e.Stage == script.Connected {
			c, err := s.newClient(asks.Name)
			if err != nil {
				cancel(err)
			}
			clients = append(clients, c)
		}
		if c := clients[e.Client]; c != nil {
			c.follow(e, "^"+asks.Payload+"$")
		}
	})
	return cmp.Or(context.Cause(ctx), err)
}

// several does something with that many clients, one after the other.
func several(count int, do func(i int) error) error {
	for i := range count {
		if err := do(i); err != nil {
			return err
		}
	}
	return nil
}

func idle(ctx context.Context, s *server, r Request) error {
	count := r.Count
	if count == 0 && r.Do == "crowd" {
		count = 50
	}
	return several(max(count, 1), func(int) error {
		_, err := s.open(ctx, "")
		return err
	})
}

// asking opens a client that asks at once, whether it is greeted or not.
func (s *server) asking(ctx context.Context, name, text string) (*client, error) {
	c, err := s.open(ctx, name)
	if err != nil {
		return nil, err
	}
	return c, c.send(text)
}

// oneFrame is the echo that is asked for once.
const oneFrame = "^echo$"

func oneEcho(ctx context.Context, s *server, r Request) error {
	return several(max(r.Count, 1), func(i int) error {
		if i > 0 && r.Rate > 0 {
			s.wait(time.Second / time.Duration(r.Rate))
		}
		_, err := s.asking(ctx, "echo", oneFrame)
		return err
	})
}

func prime(ctx context.Context, s *server, _ Request) error {
	_, err := s.asking(ctx, "prime", longPrime)
	return err
}

// ask lets a client come that sends a text.
func ask(ctx context.Context, s *server, r Request) error {
	_, err := s.asking(ctx, "", r.Text)
	return err
}

func primes(ctx context.Context, s *server, r Request) error {
	return several(cmp.Or(r.Count, 8), func(i int) error {
		_, err := s.asking(ctx, fmt.Sprint("prime ", i+1), cmp.Or(r.Text, longPrime))
		return err
	})
}

func echoes(ctx context.Context, s *server, r Request) error {
	return s.toggle(ctx, cmp.Or(r.Rate, 200))
}

// unread sends echoes and reads no reply. When the server takes no more of them, it waits.
func unread(ctx context.Context, s *server, _ Request) error {
	c, err := s.connect(ctx, "does not read")
	if err == nil {
		s.work.Go(func() { c.end(c.flood()) })
	}
	return err
}

// flood sends until the server hangs up, or has taken more than it should.
func (c *client) flood() error {
	chunk := []byte("^" + strings.Repeat("a", 64<<10-2) + "$")
	for total := 0; total < maxUnread; {
		c.SetWriteDeadline(time.Now().Add(time.Second))
		n, err := c.Write(chunk)
		total += n
		if n > 0 {
			c.note(Sent, total, quote(chunk))
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			c.note(Blocked, total, "")
			c.SetWriteDeadline(time.Time{})
			n, err = c.Write(chunk[n:])
			total += n
		}
		if err != nil {
			return err
		}
	}
	return errors.New("the server has taken 64 MiB, and would take more")
}

func bytewise(ctx context.Context, s *server, r Request) error {
	c, err := s.open(ctx, "byte by byte")
	for _, b := range cmp.Or(r.Text, "^abc$^P7$") {
		if err == nil {
			err = c.send(string(b))
			s.wait(keystroke)
		}
	}
	return err
}

// halfClose asks, says that nothing more will come, and waits for the replies.
func halfClose(ctx context.Context, s *server, _ Request) error {
	c, err := s.asking(ctx, "half-closed", longPrime+"^end$")
	if err != nil {
		return err
	}
	c.note(Half, 0, "")
	return c.explain(c.CloseWrite())
}

// reset asks and goes away in the middle, without a word.
func reset(ctx context.Context, s *server, _ Request) error {
	c, err := s.asking(ctx, "resets", longPrime)
	if err != nil {
		return err
	}
	s.wait(keystroke)
	c.SetLinger(0)
	c.leave("reset")
	return nil
}

// room is how many descriptors are left to a server whose limit is lowered.
const room = 10

// fill lowers the server's limit, and connects more clients than it has descriptors for.
func fill(ctx context.Context, s *server, r Request) error {
	if _, err := proc.LimitDescriptors(s.process.PID, room); err != nil {
		return fmt.Errorf("the server's limit stays as it is: %w", err)
	}
	r.Count = room + 10
	return idle(ctx, s, r)
}
