// Package engine runs cases against a server, from outside: clients that send, expectations of
// what comes back, and failures that show the difference. The cases are the package cases.
package engine

import (
	"regexp"
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
	Run       func(*Test)
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

// Select returns of the groups those cases that are for the profile and whose group/name
// matches the pattern, without the slow ones if short.
func Select(all []Group, p Profile, pattern *regexp.Regexp, short bool) []Group {
	var groups []Group
	for _, g := range all {
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

// Examine runs a case, and then asks whether the server still lives.
func (s *Server) Examine(g Group, c Case) Result {
	t := &Test{Server: s}
	begin := time.Now()
	if c.LongCheck {
		s.Measure()
	}
	c.Run(t)
	t.HangUp()
	r := Result{Group: g, Case: c, Skipped: t.skipped, Failure: t.Failure(), Talk: t.talk}
	if dead := s.alive(); dead != nil {
		r.Dead = true
		if r.Failure == nil {
			r.Failure = dead
		}
	}
	r.Elapsed = time.Since(begin)
	return r
}
