package lab

import (
	"context"
	"fmt"
	"slices"
	"syscall"
)

const (
	maxText = 1000 // bytes of a request of the reader's own
	maxRate = 500  // echoes a second
)

// The groups of actions.
const (
	asking   = "Clients that ask"
	odd      = "Clients that don't, or not as they should"
	toServer = "What happens to the server"
)

// An Action is something that the reader can do to a server.
type Action struct {
	Group string `json:"group"` // on the page
	Name  string `json:"name"`
	Key   string `json:"key"`
	Title string `json:"title"`
	do    func(context.Context, *server, Request) error
}

// A Request says what to do. It is all that a page has a say in: no part of it becomes a
// path, an argument or an address.
type Request struct {
	Do     string `json:"do"`     // the name of an action
	Count  int    `json:"count"`  // of clients
	Rate   int    `json:"rate"`   // of echoes a second
	Server int    `json:"side"`   // of the client
	Client int    `json:"client"` // the one that sends, or hangs up
	Text   string `json:"text"`   // what it sends
}

// Actions are the buttons of the lab, in their order.
var Actions = []Action{
	{asking, "script", "s", "The script of three", playScript},
	{asking, "echo", "o", "One echo", oneEcho},
	{asking, "bytes", "b", "One byte at a time", bytewise},
	{asking, "primes", "p", "Eight long primes", primes},
	{asking, "echoes", "e", "Steady echoes", echoes},
	{odd, "idle", "i", "An idle client", idle},
	{odd, "crowd", "f", "Fifty idle clients", idle},
	{odd, "unread", "u", "A client that does not read", unread},
	{odd, "half", "h", "Half-close", halfClose},
	{odd, "reset", "r", "Reset", reset},
	{toServer, "fill", "d", "Fill every descriptor", fill},
	{toServer, "term", "t", "SIGTERM", func(_ context.Context, s *server, _ Request) error { return s.process.Signal(syscall.SIGTERM) }},
	{toServer, "kill", "k", "SIGKILL", func(_ context.Context, s *server, _ Request) error { return s.process.Signal(syscall.SIGKILL) }},
}

// hidden returns the actions without a button of their own.
func hidden() []Action {
	return []Action{{Name: "prime", do: prime}, {Name: "ask", do: ask}, {Name: "play", do: play},
		{Name: "kill broker", do: killBroker}, {Name: "restart broker", do: restartBroker}}
}

// spoken are the actions of one client, which the reader chooses.
var spoken = map[string]func(*client, Request) error{
	"send":  func(c *client, r Request) error { return c.send(r.Text) },
	"leave": func(c *client, _ Request) error { c.leave(""); return nil },
}

// check reports what is wrong with a request.
func (r Request) check() error {
	switch {
	case action(r.Do) == nil && spoken[r.Do] == nil:
		return fmt.Errorf("there is no action %q", r.Do)
	case r.Count < 0 || r.Count > maxClients:
		return fmt.Errorf("%d clients: between 1 and %d", r.Count, maxClients)
	case r.Rate < 0 || r.Rate > maxRate:
		return fmt.Errorf("%d echoes a second: between 1 and %d", r.Rate, maxRate)
	case len(r.Text) > maxText:
		return fmt.Errorf("a request of %d bytes: the lab sends %d at most", len(r.Text), maxText)
	}
	return nil
}

func action(name string) func(context.Context, *server, Request) error {
	for _, a := range slices.Concat(Actions, hidden()) {
		if a.Name == name {
			return a.do
		}
	}
	return nil
}
