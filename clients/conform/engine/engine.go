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
	Rule  string // what the protocol says; if it is empty, what the profile promises
	Cases []Case
}

// A Case is one question to the server.
type Case struct {
	Name      string
	For       func(Profile) bool // which servers are asked; nil for all
	Slow      bool               // it takes more than a moment, or much traffic
	LongCheck bool               // it lets the server check a number for a while
	Process   bool               // it looks at the server's process
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

// Name is the result's group/case.
func (r Result) Name() string { return r.Group.Name + "/" + r.Case.Name }

// A Choice says which cases are tried.
type Choice struct {
	Profile Profile
	Pattern *regexp.Regexp // matches group/name
	Short   bool           // without the slow ones
	Process bool           // with those that look at the server's process
}

// Select returns what is tried of the groups. Cases that are for the profile and match the
// pattern, and are not tried, come as results that say why.
func (c Choice) Select(all []Group) (chosen []Group, left []Result) {
	for _, g := range all {
		var cases []Case
		if g.Rule == "" {
			g.Rule = c.Profile.promise()
		}
		for _, one := range g.Cases {
			r := Result{Group: g, Case: one, Skipped: c.without(one)}
			switch {
			case one.For != nil && !one.For(c.Profile), !c.Pattern.MatchString(r.Name()):
			case r.Skipped != "":
				left = append(left, r)
			default:
				cases = append(cases, one)
			}
		}
		if g.Cases = cases; len(cases) > 0 {
			chosen = append(chosen, g)
		}
	}
	return chosen, left
}

// Why a case is left out.
const (
	LeftByShort = "-short leaves out what takes longer"
	NeedsPID    = "it needs -pid"
)

// without returns why a case is left out, or nothing.
func (c Choice) without(one Case) string {
	switch {
	case one.Process && !c.Process:
		return NeedsPID
	case one.Slow && c.Short:
		return LeftByShort
	}
	return ""
}

// Examine runs a case, and then asks whether the server still lives.
func (s *Server) Examine(g Group, c Case) Result {
	t := &Test{Server: s, name: g.Name + "/" + c.Name}
	begin := time.Now()
	if c.LongCheck {
		s.Measure()
	}
	c.Run(t)
	t.HangUp()
	r := Result{Group: g, Case: c, Skipped: t.skipped, Failure: t.Failure(), Talk: t.talk}
	if gone := s.alive(); gone != nil {
		r.Dead, r.Failure = true, t.death(r.Failure, gone)
	}
	r.Elapsed = time.Since(begin)
	return r
}
