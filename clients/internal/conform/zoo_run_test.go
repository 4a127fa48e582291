package conform

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	patient   = time.Minute            // longer than any machine is busy
	impatient = 300 * time.Millisecond // where a failure is expected
)

// TestZoo holds each bug to breaking its cases, for the reason that is named, and (without
// -short) no others. All are tried at once: they mostly wait.
func TestZoo(t *testing.T) {
	problems := together(len(zoo), func(i int) []string {
		z, greetTime := zoo[i], patient
		switch z.bug {
		case "does not greet", "greets late", "does not close":
			greetTime = impatient
		}
		s, err := Meet(breed(t, z.bug, 1000), Profile{}, Options{Timeout: greetTime, Short: true, maxTaken: 24 << 20})
		require.NoError(t, err)
		s.patience = patient
		s.measured.Do(s.measure)
		return s.compare(whole(z.breaks), whole(z.may), regexp.MustCompile(z.why))
	})
	for i, z := range zoo {
		t.Run(z.bug, func(t *testing.T) { assert.Empty(t, strings.Join(problems[i], "\n")) })
	}
}

// together calls a function n times at once.
func together(n int, do func(i int) []string) [][]string {
	problems := make([][]string, n)
	each(n, func(i int) { problems[i] = do(i) })
	return problems
}

func whole(pattern string) *regexp.Regexp { return regexp.MustCompile("^(" + pattern + ")$") }

// compare tries the cases and returns where they differ from what is expected. Those that
// must fail come last: they may end the server. Slow cases that must pass are left out.
func (s *Subject) compare(breaks, may, why *regexp.Regexp) []string {
	var problems []string
	var toFail []func() []string
	for _, g := range Select(s.Profile, regexp.MustCompile(""), false) {
		for _, c := range g.Cases {
			name := g.Name + "/" + c.Name
			if breaks.MatchString(name) {
				toFail = append(toFail, func() []string { return s.failsFor(g, c, why) })
			} else if !may.MatchString(name) && !c.Slow && !testing.Short() {
				problems = append(problems, s.passes(g, c)...)
			}
		}
	}
	for _, try := range toFail {
		problems = append(problems, try()...)
	}
	return problems
}

// passes tries a case that must pass.
func (s *Subject) passes(g Group, c Case) []string {
	s.patience = patient
	r := s.Examine(g, c)
	switch {
	case r.Failure != nil:
		return []string{fmt.Sprintf("%s/%s fails:\n%s", g.Name, c.Name, strings.Join(r.Failure.Text(), "\n"))}
	case r.Skipped != "":
		return []string{fmt.Sprintf("%s/%s was not tried: %s", g.Name, c.Name, r.Skipped)}
	}
	return nil
}

// failsFor tries a case that must fail. What it awaits need not come, so it waits for a
// short time; on a busy machine that leads to other failures, and then it waits longer. A
// busy machine may also have made a check look longer than it is.
func (s *Subject) failsFor(g Group, c Case, why *regexp.Regexp) []string {
	var got string
	for s.patience = impatient; s.patience < patient; s.patience *= 4 {
		r := s.Examine(g, c)
		for r.Failure == nil && c.LongCheck && s.longer() {
			r = s.Examine(g, c)
		}
		if r.Failure == nil {
			got = "it passes"
			continue
		}
		got = strings.Join(r.Failure.Text(), "\n")
		if why.MatchString(got) {
			return nil
		}
	}
	return []string{fmt.Sprintf("%s/%s does not fail for %q:\n%s", g.Name, c.Name, why, got)}
}
