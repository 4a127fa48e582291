// Package workbook tests every module of go.work. What no single module can test, such
// as the READMEs, is tested by package proofread.
package workbook

import (
	"flag"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/proofread"
)

// TestModules runs the tests of each module of go.work. The flags -race, -short, -v
// and -count reach them, and so does the part of -run after the module's name:
//
//	go test . -run TestModules/chapter03/TestClientsOverlap
func TestModules(t *testing.T) {
	dirs, err := proofread.Modules()
	require.NoError(t, err)
	for _, dir := range dirs {
		t.Run(dir, func(t *testing.T) {
			require.NoError(t, proofread.Watch(dir))
			args := append([]string{"test"}, testFlags(t)...)
			cmd := exec.CommandContext(t.Context(), "go", append(args, "./...")...)
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			t.Logf("%v\n%s", cmd, out)
			require.NoError(t, err)
		})
	}
}

// testFlags returns the flags for go test that correspond to those of this test.
func testFlags(t *testing.T) []string {
	os.Getenv("UPDATE_GOLDEN") // has an effect on the modules: a cached result is of no use
	flags := []string{"-timeout=" + timeout(t).String()}
	if raceEnabled() {
		flags = append(flags, "-race")
	}
	if testing.Short() {
		flags = append(flags, "-short")
	}
	if testing.Verbose() {
		flags = append(flags, "-v")
	}
	if run := innerRun(flag.Lookup("test.run").Value.String()); run != "" {
		flags = append(flags, "-run="+run)
	}
	flag.Visit(func(f *flag.Flag) {
		if f.Name == "test.count" { // the user asks for a fresh run
			flags = append(flags, "-count=1")
		}
	})
	return flags
}

// raceEnabled reports whether this test was built with -race.
func raceEnabled() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// timeout returns the time that is left for a module. It ends before this test's own
// time does, so that the module's test says where it hangs. Zero is no limit.
func timeout(t *testing.T) time.Duration {
	deadline, ok := t.Deadline()
	if !ok {
		return 0
	}
	return max(time.Until(deadline)-10*time.Second, time.Second).Round(time.Second)
}

// innerRun returns what a -run pattern has to say about the tests of a module: what
// is after the second slash.
func innerRun(pattern string) string {
	levels := strings.SplitN(pattern, "/", 3)
	if len(levels) < 3 {
		return ""
	}
	return levels[2]
}

func TestInnerRun(t *testing.T) {
	require.Equal(t, "", innerRun(""))
	require.Equal(t, "", innerRun("TestModules/chapter03"))
	require.Equal(t, "TestReplies", innerRun("TestModules/chapter03/TestReplies"))
	require.Equal(t, "TestSessions/echo", innerRun("TestModules//TestSessions/echo"))
}
