package recording

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
	"example.com/concurrent-network-server/clients/internal/load"
	"example.com/concurrent-network-server/clients/internal/script"
	"example.com/concurrent-network-server/clients/sched/trace"
)

// A scenario plays with a server, and notes who the clients were.
type scenario func(ctx context.Context, addr string, run *trace.Run) error

// Names are those of the scenarios.
const Names = "script, beside, idle"

func find(name string) (scenario, error) {
	switch name {
	case "script":
		return playScript, nil
	case "beside":
		return playBeside, nil
	case "idle":
		return playIdle, nil
	}
	return nil, fmt.Errorf("no scenario %q: there are %s", name, Names)
}

// headStart is that of tour: Echo must not be greeted before the server begins to compute.
const headStart = 5 * time.Millisecond

// playScript plays the three clients of the book.
func playScript(ctx context.Context, addr string, run *trace.Run) error {
	for _, c := range script.Clients {
		run.Clients = append(run.Clients, trace.Client{Name: c.Name})
	}
	begin := time.Since(run.Begin)
	return script.Run(ctx, addr, headStart, func(e script.Event) {
		switch c := &run.Clients[e.Client]; e.Stage {
		case script.Connected:
			c.Connected = begin + e.At
		case script.Answered:
			c.Answered = begin + e.At
		}
	})
}

const (
	primes     = 8
	perSecond  = 20 // one echo every 50 ms
	besideTime = 2 * time.Minute
)

// playBeside asks for long primes, and for echoes until these are done.
func playBeside(ctx context.Context, addr string, run *trace.Run) error {
	for i := range primes {
		run.Clients = append(run.Clients, trace.Client{Name: fmt.Sprint("Prime ", i+1)})
	}
	run.Clients = append(run.Clients, trace.Client{Name: "Echo"})
	ctx, cancel := context.WithTimeout(ctx, besideTime)
	defer cancel()
	target := load.Target{Addr: addr, Limits: load.Limits{OneRequest: run.Chapter == 1}}
	b, err := load.BesidePrimes(ctx, target, primes, perSecond)
	if ctx.Err() == context.DeadlineExceeded {
		return fmt.Errorf("it has not answered everything within %v", besideTime)
	}
	run.Note = fmt.Sprintf("%d echoes: %s on average, %s at most. The primes took %s.",
		b.Requests, human.Duration(b.Mean), human.Duration(b.Max), human.Duration(b.PrimesTime))
	return err
}

const (
	silent    = 20
	greetTime = time.Second // for a server that greets this client at all
)

// playIdle connects clients that say nothing, and then one that asks for an echo.
func playIdle(ctx context.Context, addr string, run *trace.Run) error {
	greeted := 0
	for i := range silent + 1 {
		run.Clients = append(run.Clients, trace.Client{Name: fmt.Sprint("Idle ", i+1), Connected: time.Since(run.Begin)})
		c, err := load.Target{Addr: addr}.Dial(ctx)
		if err != nil {
			return err
		}
		defer c.Close()
		if greeted < i { // nor will this one be
			continue
		}
		c.SetReadDeadline(time.Now().Add(greetTime)) // who isn't greeted waits for somebody to leave
		if err := c.Greeted(); errors.Is(err, os.ErrDeadlineExceeded) {
			continue
		} else if err != nil {
			return err
		}
		greeted++
		if i == silent {
			c.SetReadDeadline(time.Now().Add(besideTime))
			if err := c.Echo(0); err != nil {
				return err
			}
			run.Clients[i].Answered = time.Since(run.Begin)
		}
	}
	run.Clients[silent].Name = "Echo"
	if greeted <= silent {
		run.Note = fmt.Sprintf("The server greets %d of %d clients. Echo is not answered.", greeted, silent+1)
	}
	return nil
}
