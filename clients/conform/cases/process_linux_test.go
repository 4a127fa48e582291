package cases

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/conform/engine"
)

// asServer makes the test's program a server with that bug.
const asServer = "CONFORM_WRONG_SERVER"

func TestMain(m *testing.M) {
	if bug := os.Getenv(asServer); bug != "" {
		s, err := newWrongServer(bug, 2000)
		if err != nil {
			panic(err)
		}
		fmt.Println(s.ln.Addr())
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
		addr, pid := startProcess(t, tests[i].bug)
		s, err := engine.Meet(addr, engine.Profile{}, engine.Options{PID: pid, Timeout: patient, Short: true})
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
func startProcess(t *testing.T, bug string) (addr string, pid int) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asServer+"="+bug)
	cmd.Stderr = &bytes.Buffer{}
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err, "%v", cmd.Stderr)
	return strings.TrimSpace(line), cmd.Process.Pid
}
