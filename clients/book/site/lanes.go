package site

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"example.com/concurrent-network-server/clients/internal/script"
	"example.com/concurrent-network-server/clients/tour/timeline"
)

// A Lane is what happens to one client of the script. Its times are in thousandths of the
// time until the last client has its reply.
type Lane struct {
	Name       string
	Connected  int
	Wait, Work int // how long until it is greeted, and from then until it has its reply
	Place      int // in the order of the answers, from 1
}

// lanes reads the picture that clients/tour has drawn, and how many milliseconds it shows. Without one
// there are none.
func lanes(fsys fs.FS, name string) ([]Lane, int, error) {
	svg, err := fs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, nil
	} else if err != nil {
		return nil, 0, err
	}
	t, err := timeline.Read(svg)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: draw it with go run ./clients/tour -svg: %w", name, err)
	}
	var list []Lane
	for i, l := range t.Lanes {
		at := func(stage script.Stage) int {
			d, _ := l.At(stage)
			return int(1000 * d / max(t.End(), time.Nanosecond))
		}
		connected, greeted, answered := at(script.Connected), at(script.Greeted), at(script.Answered)
		list = append(list, Lane{l.Name, connected, greeted - connected, answered - greeted, t.Place(i)})
	}
	return list, int(t.End().Milliseconds()), nil
}

// on returns the lanes on a time axis of that many milliseconds, in thousandths of it.
func (c *Chapter) on(axis int) []Lane {
	var list []Lane
	scale := func(n int) int { return n * c.Takes / max(axis, 1) }
	for _, l := range c.Lanes {
		list = append(list, Lane{l.Name, scale(l.Connected), scale(l.Wait), scale(l.Work), l.Place})
	}
	return list
}
