// Package timeline draws when the clients of the script connect, are greeted and are
// answered: as text for a terminal and as a picture.
package timeline

import (
	"slices"
	"time"

	"example.com/concurrent-network-server/clients/internal/script"
)

// A Timeline has a lane for each client.
type Timeline struct {
	Lanes    []Lane `json:"lanes"`
	Finished []int  `json:"finished"` // the lanes of the clients that are answered, in that order
}

// A Lane is what has happened to a client.
type Lane struct {
	Name  string          `json:"name"`
	Times []time.Duration `json:"times"` // by script.Stage, as far as it has come
}

// New returns the timeline of a script that has not begun.
func New() Timeline {
	var t Timeline
	for _, c := range script.Clients {
		t.Lanes = append(t.Lanes, Lane{Name: c.Name})
	}
	return t
}

// Observe takes note of an event.
func (t *Timeline) Observe(e script.Event) {
	lane := &t.Lanes[e.Client]
	lane.Times = append(lane.Times, e.At)
	if e.Stage == script.Answered {
		t.Finished = append(t.Finished, e.Client)
	}
}

// End returns when the last thing happens.
func (t Timeline) End() time.Duration {
	var end time.Duration
	for _, lane := range t.Lanes {
		for _, at := range lane.Times {
			end = max(end, at)
		}
	}
	return end
}

// Finishers returns the names of the clients that are answered, in that order.
func (t Timeline) Finishers() []string {
	var names []string
	for _, i := range t.Finished {
		names = append(names, t.Lanes[i].Name)
	}
	return names
}

// Place returns where the client stands in the order of the answers, from 1. If it is
// not answered, it is 0.
func (t Timeline) Place(client int) int { return slices.Index(t.Finished, client) + 1 }

// At returns when the client reaches the stage, if it does.
func (l Lane) At(stage script.Stage) (at time.Duration, ok bool) {
	if int(stage) >= len(l.Times) {
		return 0, false
	}
	return l.Times[stage], true
}

// Waited returns how long after it connected the client is answered, if it is.
func (l Lane) Waited() (d time.Duration, ok bool) {
	at, ok := l.At(script.Answered)
	if !ok {
		return 0, false
	}
	return at - l.Times[script.Connected], true
}
