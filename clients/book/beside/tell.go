package beside

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/book/code"
	"example.com/concurrent-network-server/clients/book/sse"
	"example.com/concurrent-network-server/clients/exercise/desk"
	"example.com/concurrent-network-server/clients/exercise/hole"
)

// again is how often what has been done in the terminal is looked at.
const again = 200 * time.Millisecond

// A state is all that a page shows of an exercise.
type state struct {
	Dir      string `json:"dir"`             // where the copy is, or will be
	Path     string `json:"path"`            // the same, for another program
	Begun    bool   `json:"begun"`           // whether it is there
	Solved   bool   `json:"solved"`          // now or before
	Hints    int    `json:"hints"`           // how many have been given
	Doing    string `json:"doing,omitempty"` // what is going on
	Right    bool   `json:"right,omitempty"` // whether what is in the copy solves it
	Verdict  string `json:"verdict,omitempty"`
	Restored bool   `json:"restored,omitempty"`
	Compiler string `json:"compiler,omitempty"`
	Tests    []test `json:"tests,omitempty"`
	Rest     *test  `json:"rest,omitempty"`
	Views    []view `json:"views,omitempty"`   // in the copy, or where it will begin
	Problem  string `json:"problem,omitempty"` // why nobody knows
}

type test struct {
	Name    string `json:"name"`
	Mark    string `json:"mark,omitempty"`  // good, bad, or none as long as there is no outcome
	State   string `json:"state,omitempty"` // fails
	Details string `json:"details,omitempty"`
	Says    string `json:"says,omitempty"`
}

type view struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Function string `json:"function"`
	Code     string `json:"code,omitempty"` // HTML
}

// events tells a page of an exercise whenever there is something new.
func (f *follower) events(w http.ResponseWriter, r *http.Request) error {
	leave := f.join()
	defer leave()
	f.h.tell(w, r, "state", func() (any, <-chan struct{}) {
		k, changed := f.look()
		return f.state(k), changed
	})
	return nil
}

// list tells a page what has been done of all exercises.
func (h *Handler) list(w http.ResponseWriter, r *http.Request) {
	h.tell(w, r, "progress", func() (any, <-chan struct{}) { return h.progress(), nil })
}

// tell sends what now returns, and sends it again whenever it is something else.
func (h *Handler) tell(w http.ResponseWriter, r *http.Request, event string, now func() (any, <-chan struct{})) {
	stream := sse.New(w)
	var told []byte
	for {
		value, changed := now()
		text, err := json.Marshal(value)
		if err == nil && !bytes.Equal(text, told) {
			told, err = text, stream.Send(event, "", value)
		}
		if err != nil {
			return
		}
		select {
		case <-changed:
		case <-time.After(again):
		case <-r.Context().Done():
			return
		case <-h.ctx.Done():
			return
		}
	}
}

// progress is what the list shows.
func (h *Handler) progress() any {
	p, err := h.desk.Progress()
	if err != nil {
		return map[string]string{"problem": err.Error()}
	}
	next := ""
	if e, _ := h.desk.Next(p); e != nil {
		next = e.ID
	}
	solved, begun := []string{}, []string{}
	for _, e := range h.desk.Exercises {
		if p.Solved[e.ID] {
			solved = append(solved, e.ID)
		}
		if desk.IsCopy(h.desk.Dir(e, p)) {
			begun = append(begun, e.ID)
		}
	}
	return map[string]any{"solved": solved, "begun": begun, "next": next}
}

// state returns what a page shows.
func (f *follower) state(k known) state {
	dir, p, err := f.place()
	if err != nil {
		return state{Problem: err.Error()}
	}
	s := state{Dir: f.h.shown(dir), Path: dir, Begun: desk.IsCopy(dir), Solved: p.Solved[f.e.ID], Hints: p.Hints[f.e.ID]}
	if k.dir != dir {
		return s // what is known is about another copy
	}
	for _, v := range k.views {
		s.Views = append(s.Views, view{filepath.ToSlash(v.File), v.Line, v.Function, listing(v)})
	}
	if why := f.e.Chapter.Unavailable(); why != "" {
		s.Problem = "This chapter is " + why + "."
	} else if k.err != nil {
		s.Problem = k.err.Error()
	} else if s.Begun && k.result != nil {
		s.take(*k.result)
	}
	return s
}

// take takes what is known of a check.
func (s *state) take(r desk.Result) {
	s.Doing, s.Restored, s.Compiler, s.Right = r.Doing, r.Restored, r.Compiler, r.Doing == "" && r.Solved()
	for _, t := range r.Tests {
		s.Tests = append(s.Tests, told(t))
	}
	if r.Rest != nil {
		s.Rest = new(told(*r.Rest))
	}
	if r.Doing == "" && !s.Right {
		s.Verdict = r.Verdict()
	}
}

func told(t desk.Test) test {
	switch {
	case t.Outcome == nil:
		return test{Name: t.Name}
	case t.State == hole.Passed:
		return test{Name: t.Name, Mark: "good", State: t.State.String()}
	case t.State == hole.Skipped:
		return test{Name: t.Name, Mark: "none", State: t.State.String()}
	}
	return test{t.Name, "bad", t.State.String(), t.Details(), t.Says}
}

// listing returns a function as HTML, with the numbers of its lines.
func listing(v hole.View) string {
	var b strings.Builder
	for i, line := range code.Lines(v.File, v.Text) {
		fmt.Fprintf(&b, `<span class="line"><span class="n" data-n="%d"></span>%s`+"\n</span>", v.First+i, line.HTML())
	}
	return b.String()
}
