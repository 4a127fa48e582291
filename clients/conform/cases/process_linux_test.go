package cases

import (
	"log"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/conform/engine"
	"example.com/concurrent-network-server/clients/internal/chapters"
)

// asServer makes the test's program a server with that bug.
const asServer = "CONFORM_WRONG_SERVER"

func TestMain(m *testing.M) {
	if bug := os.Getenv(asServer); bug != "" {
		s, err := newWrongServer(bug, 2000)
		if err != nil {
			panic(err)
		}
		log.Printf("listening on %v", s.ln.Addr())
		s.accept()
		return
	}
	os.Exit(m.Run())
}

// TestProcess holds servers in processes of their own to what one sees only there.
func TestProcess(t *testing.T) {
	all := `vanish/(descriptors|memory|resets.*)|shortage/no descriptor.*`
	tests := []struct{ bug, breaks, why string }{
		{"divides", ``, ``},
		{"divides, checks for those who have left", `vanish/resets.*`, `the server computes for them`},
		{"leaks a descriptor per client", `vanish/descriptors`, `descriptors open, and \d+ when 100 clients`},
		{"leaks a descriptor per reset", `vanish/descriptors`, `descriptors open, and \d+ when 100 clients`},
		{"leaks 64 KiB per client", `vanish/memory`, `has grown by \d+ KiB for each of 2000 clients`},
		{"dies without descriptors", `shortage/no descriptor.*`, `refused|closed|reset`},
		{"spins without descriptors", `shortage/no descriptor is free`, `of CPU time`},
	}
	problems := collect(len(tests), func(i int) []string {
		server := startProcess(t, tests[i].bug)
		s, err := engine.Meet(server.Addr, engine.Profile{}, engine.Options{PID: server.PID, Timeout: patient, Short: true})
		require.NoError(t, err)
		measure(s)
		chosen, _ := engine.Choice{Pattern: whole(all), Process: true}.Select(Groups())
		return compare(s, chosen, whole(tests[i].breaks), whole(""), regexp.MustCompile(tests[i].why))
	})
	for i, test := range tests {
		t.Run(test.bug, func(t *testing.T) { assert.Empty(t, strings.Join(problems[i], "\n")) })
	}
}

// startProcess runs a wrong server until the test ends.
func startProcess(t *testing.T, bug string) *chapters.Server {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asServer+"="+bug)
	server, err := chapters.StartCmd(t.Context(), cmd, 4096)
	require.NoError(t, err)
	t.Cleanup(server.Stop)
	return server
}
