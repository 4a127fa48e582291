package conform

import (
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The zoo: what each bug must break, and nothing else. The second pattern is for what the
// failures say.
var zoo = []struct{ bug, breaks, why string }{
	{"none", `none`, ``},
	{"greets twice", `greeting/.*`, `should come`},
}

// patient is longer than any machine is busy.
const patient = time.Minute

// TestZoo holds each bug to breaking its cases, for the reason that is named, and no others.
// All are tried at once: they mostly wait.
func TestZoo(t *testing.T) {
	problems := make([][]string, len(zoo))
	var all sync.WaitGroup
	for i, z := range zoo {
		addr := breed(t, z.bug, 1000)
		s, err := Meet(addr, Profile{}, Options{Timeout: 10 * time.Second, longEnough: checkTime * 3 / 4})
		require.NoError(t, err)
		all.Go(func() { problems[i] = s.compare(regexp.MustCompile("^("+z.breaks+")$"), regexp.MustCompile(z.why)) })
	}
	all.Wait()
	for i, z := range zoo {
		t.Run(z.bug, func(t *testing.T) { assert.Empty(t, strings.Join(problems[i], "\n")) })
	}
}

// compare tries all cases and returns where they differ from what is expected. Those that
// must fail come last: they may end the server.
func (s *Subject) compare(breaks, why *regexp.Regexp) []string {
	var problems, failing []string
	var toFail []func() string
	for _, g := range Select(s.Profile, regexp.MustCompile(""), true) {
		for _, c := range g.Cases {
			name := g.Name + "/" + c.Name
			if breaks.MatchString(name) {
				failing = append(failing, name)
				toFail = append(toFail, func() string { return s.failsFor(g, c, why) })
				continue
			}
			s.patience = patient
			if r := s.Examine(g, c); r.Failure != nil {
				problems = append(problems, name+" fails:\n"+strings.Join(r.Failure.Text(), "\n"))
			} else if r.Skipped != "" {
				problems = append(problems, name+" was not tried: "+r.Skipped)
			}
		}
	}
	for _, try := range toFail {
		if problem := try(); problem != "" {
			problems = append(problems, problem)
		}
	}
	return problems
}

// failsFor tries a case that must fail. What it awaits need not come, so it waits for a
// short time; on a busy machine that leads to other failures, and then it waits longer.
func (s *Subject) failsFor(g Group, c Case, why *regexp.Regexp) string {
	var got string
	for s.patience = 300 * time.Millisecond; s.patience < patient; s.patience *= 4 {
		r := s.Examine(g, c)
		if r.Failure == nil {
			return g.Name + "/" + c.Name + " does not fail"
		}
		got = strings.Join(r.Failure.Text(), "\n")
		if why.MatchString(got) {
			return ""
		}
	}
	return g.Name + "/" + c.Name + " fails for another reason:\n" + got
}
