// Package conform holds a server to the protocol of the workbook, from outside. It knows
// nothing of how the server is made.
package conform

import (
	"fmt"
	"regexp"
	"sync"
	"time"
)

// A Group is the cases of a row or a sentence of the protocol.
type Group struct {
	Name  string
	Rule  string // what the protocol says
	Cases []Case
}

// A Case is one question to the server.
type Case struct {
	Name      string
	For       func(Profile) bool // which servers are asked; nil for all
	Slow      bool               // it takes more than a moment, or much traffic
	LongCheck bool               // it lets the server check a number for a while
	Run       func(*exam)
}

// A Result is what has become of a case.
type Result struct {
	Group   Group
	Case    Case
	Skipped string   // why it was not tried
	Failure *Failure // nil if the server has kept the rule
	Dead    bool     // the server served nobody afterwards
	Elapsed time.Duration
	Talk    func() []string // shows the conversations of its clients
}

// An exam is a case in which the server is being asked.
type exam struct {
	*Subject
	mu      sync.Mutex
	peers   []*peer
	first   *Failure // what has failed first
	when    string   // goes before its problem
	skipped string
}

func (x *exam) add(p *peer) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.peers = append(x.peers, p)
}

// fails fails the case, unless it has failed already.
func (x *exam) fails(f *Failure) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.first == nil {
		x.first = f
		f.Problem = x.when + f.Problem
	}
}

// meanwhile says what goes on when the next failure comes.
func (x *exam) meanwhile(when string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.when = when
}

// wrong fails the case for a reason that is not one client's.
func (x *exam) wrong(format string, args ...any) {
	x.fails(&Failure{Problem: fmt.Sprintf(format, args...)})
}

// skip ends a case that makes no sense with this server.
func (x *exam) skip(format string, args ...any) { x.skipped = fmt.Sprintf(format, args...) }

// failure returns the first failure, if there is one.
func (x *exam) failure() *Failure {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.first
}

// each runs as many clients at once, and waits for all of them.
func each(clients int, do func(i int)) {
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

// Select returns the groups with the cases that are for the profile and whose group/name
// matches the pattern, without the slow ones if short.
func Select(p Profile, pattern *regexp.Regexp, short bool) []Group {
	var groups []Group
	for _, g := range Groups() {
		selected := Group{Name: g.Name, Rule: g.Rule}
		if g.Rule == "" {
			selected.Rule = p.promise()
		}
		for _, c := range g.Cases {
			wanted := (c.For == nil || c.For(p)) && !(short && c.Slow)
			if wanted && pattern.MatchString(g.Name+"/"+c.Name) {
				selected.Cases = append(selected.Cases, c)
			}
		}
		if len(selected.Cases) > 0 {
			groups = append(groups, selected)
		}
	}
	return groups
}

// maxTalks is how many conversations of a case are shown.
const maxTalks = 4

// Examine asks the server a case, and then whether it still lives.
func (s *Subject) Examine(g Group, c Case) Result {
	x := &exam{Subject: s}
	begin := time.Now()
	if c.LongCheck {
		s.measured.Do(s.measure)
	}
	c.Run(x)
	x.hangUp()
	r := Result{Group: g, Case: c, Skipped: x.skipped, Failure: x.failure(), Talk: x.talk}
	if dead := s.alive(); dead != nil {
		r.Dead = true
		if r.Failure == nil {
			r.Failure = dead
		}
	}
	r.Elapsed = time.Since(begin)
	return r
}

// talk shows the conversations of the first clients.
func (x *exam) talk() []string {
	var lines []string
	for i, p := range x.peers[:min(len(x.peers), maxTalks)] {
		lines = append(lines, fmt.Sprintf("connection %d", i+1))
		lines = append(lines, p.record.text()...)
	}
	if extra := len(x.peers) - maxTalks; extra > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", extra))
	}
	return lines
}

// hangUp closes what the case has left open.
func (x *exam) hangUp() {
	for _, p := range x.peers {
		if p.conn != nil {
			p.conn.Close()
		}
	}
}
