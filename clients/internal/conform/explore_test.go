package conform

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestExplore(t *testing.T) {
	data, _ := os.ReadFile("/tmp/conform-bugs")
	var all sync.WaitGroup
	var mu sync.Mutex
	for _, bug := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		addr := breed(t, bug, 1000)
		all.Go(func() {
			s, err := Meet(addr, Profile{}, Options{Timeout: 1500 * time.Millisecond, longEnough: checkTime * 3 / 4})
			if err != nil {
				t.Log(bug, err)
				return
			}
			out := ""
			var last []Case
			var lastg []Group
			do := func(g Group, c Case) {
				r := s.Examine(g, c)
				if r.Failure != nil {
					out += fmt.Sprintf("  %v: %s/%s: %s\n", r.Dead, g.Name, c.Name, r.Failure.Problem)
				} else if r.Skipped != "" {
					out += "  SKIP " + c.Name + "\n"
				}
			}
			for _, g := range Select(s.Profile, regexp.MustCompile(""), true) {
				for _, c := range g.Cases {
					if g.Name == "vanish" {
						last = append(last, c)
						lastg = append(lastg, g)
						continue
					}
					do(g, c)
				}
			}
			for i := range last {
				do(lastg[i], last[i])
			}
			mu.Lock()
			fmt.Printf("## %s\n%s", bug, out)
			mu.Unlock()
		})
	}
	all.Wait()
}
