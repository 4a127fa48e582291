package cases

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.com/concurrent-network-server/clients/conform/engine"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	patient   = time.Minute            // longer than any machine is busy
	impatient = 300 * time.Millisecond // where a failure is expected
)

func init() { visits = 500 } // of a server with room for 400

// TestWrongServers holds each bug to breaking its cases, for the reason that is named, and (without
// -short) no others. All are tried at once: they mostly wait.
func TestWrongServers(t *testing.T) {
	problems := collect(len(wrongServers), func(i int) []string {
		z, greetTime := wrongServers[i], patient
		switch z.bug {
		case "does not greet", "greets late", "does not close":
			greetTime = impatient
		}
		s, err := engine.Meet(startWrong(t, z.bug, 2000), engine.Profile{}, engine.Options{Timeout: greetTime, Short: true, MaxTaken: 24 << 20})
		require.NoError(t, err)
		s.Patience = patient
		measure(s)
		if z.bug != "none" {
			z.may += "|" + costly
		}
		chosen, _ := engine.Choice{Pattern: whole(".*")}.Select(Groups())
		return compare(s, chosen, whole(z.breaks), whole(z.may), regexp.MustCompile(z.why))
	})
	for i, z := range wrongServers {
		t.Run(z.bug, func(t *testing.T) { assert.Empty(t, strings.Join(problems[i], "\n")) })
	}
}

// measure looks for a long check. On a busy machine, a short one may have looked like that.
func measure(s *engine.Server) {
	s.Measure()
	for n, _ := s.LongPrime(); n < largeNumber && s.LongerPrime(); n, _ = s.LongPrime() {
	}
}

// collect calls a function n times at once.
func collect(n int, do func(i int) []string) [][]string {
	problems := make([][]string, n)
	engine.Together(n, func(i int) { problems[i] = do(i) })
	return problems
}

func whole(pattern string) *regexp.Regexp { return regexp.MustCompile("^(" + pattern + ")$") }

// costly is what only the server without a bug must pass, because it takes time, descriptors or many bytes.
const costly = `vanish/(12,000|200) .*|crowd/.*clients at once|service/a hundred.*|.*/1 MiB.*|frames/.*buffer|echo/without.*|errors/of any.*|half-close/after 256.*`

// compare tries the cases and returns where they differ from what is expected. Those that
// must fail come last: they may end the server. Slow cases that must pass are left out.
func compare(s *engine.Server, chosen []engine.Group, breaks, may, why *regexp.Regexp) []string {
	var problems []string
	var toFail []func() []string
	for _, g := range chosen {
		for _, c := range g.Cases {
			name := g.Name + "/" + c.Name
			if breaks.MatchString(name) {
				toFail = append(toFail, func() []string { return failsFor(s, g, c, why) })
			} else if !may.MatchString(name) && !c.Slow && !testing.Short() {
				problems = append(problems, passes(s, g, c)...)
			}
		}
	}
	for _, try := range toFail {
		problems = append(problems, try()...)
	}
	return problems
}

// passes tries a case that must pass. A busy machine upsets what is compared with a check, unless
// that is long.
func passes(s *engine.Server, g engine.Group, c engine.Case) []string {
	s.Patience = patient
	r := s.Examine(g, c)
	for r.Failure != nil && c.LongCheck && s.LongerPrime() {
		r = s.Examine(g, c)
	}
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
func failsFor(s *engine.Server, g engine.Group, c engine.Case, why *regexp.Regexp) []string {
	var got string
	for s.Patience = impatient; s.Patience < patient; s.Patience *= 2 {
		r := s.Examine(g, c)
		for r.Failure == nil && c.LongCheck && s.LongerPrime() {
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
