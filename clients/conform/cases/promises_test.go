package cases

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"example.com/concurrent-network-server/clients/conform/engine"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestProfiles proves that a server passes with its own promises, and neither with larger
// nor with smaller ones.
func TestProfiles(t *testing.T) {
	const all = 1000
	tests := []struct {
		bug             string
		atOnce          int
		chapter         int
		breaks, because string
	}{
		{"none", all, 0, ``, ``},
		{"none", all, 1, `one request`, `should`},
		{"none", all, 2, `clients at a time`, `client 2 is served`},
		{"none", all, 3, ``, ``},
		{"none", all, 4, `clients at a time`, `client 5 is served`},
		{"none", all, 5, `one check`, `came .* after its request`},
		{"none", all, 9, ``, ``},
		{"none", 1, 2, ``, ``},
		{"none", 1, 0, `idle clients`, `nothing came`},
		{"none", 1, 4, `clients at a time`, `nothing came`},
		{"none", 4, 4, ``, ``},
		{"none", 3, 4, `clients at a time`, `nothing came`},
		{"none", 5, 4, `clients at a time`, `client 5 is served`},
		{"none", 4, 8, `idle clients`, `nothing came`},
		{"checks for those who have left", 1, 2, `ten long checks`, `reset its connection; the next client's check took`},
		{"computes in the loop", all, 6, ``, ``},
		{"computes in the loop", all, 8, `beside`, `came .* after its request`},
		{"computes to the end of what was read", all, 7, `between long checks`, `came .* after its request`},
	}
	problems := collect(len(tests), func(i int) []string {
		p, err := engine.ForChapter(tests[i].chapter, engine.DefaultWorkers)
		require.NoError(t, err)
		s, err := engine.Meet(startWrong(t, tests[i].bug, tests[i].atOnce), p, engine.Options{Timeout: patient, Short: true})
		require.NoError(t, err)
		s.Patience = patient
		measure(s)
		return promises(s, tests[i].breaks, regexp.MustCompile(tests[i].because))
	})
	for i, test := range tests {
		t.Run(fmt.Sprintf("%s, %d, chapter %d", test.bug, test.atOnce, test.chapter), func(t *testing.T) {
			assert.Empty(t, problems[i])
		})
	}
}

// promises tries the promises of a profile: all must pass, or one must fail.
func promises(s *engine.Server, breaks string, because *regexp.Regexp) []string {
	var problems []string
	pattern := regexp.MustCompile(`^service/|^crowd/|^chapter 1/|resets? in the first of ten`)
	chosen, _ := engine.Choice{Profile: s.Profile, Pattern: pattern, Short: breaks == ""}.Select(Groups())
	for _, g := range chosen {
		for _, c := range g.Cases {
			if breaks == "" {
				problems = append(problems, passes(s, g, c)...)
			} else if strings.Contains(c.Name, breaks) {
				return failsFor(s, g, c, because)
			}
		}
	}
	if breaks != "" {
		problems = append(problems, "no case is called "+breaks)
	}
	return problems
}

func TestForChapter(t *testing.T) {
	for n := range 10 {
		p, err := engine.ForChapter(n, 7)
		assert.NoError(t, err)
		assert.Equal(t, n, p.Chapter)
	}
	_, err := engine.ForChapter(10, 4)
	assert.ErrorContains(t, err, "no chapter 10")
	p, _ := engine.ForChapter(4, 7)
	assert.Equal(t, 7, p.AtOnce)
}
