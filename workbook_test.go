// Package workbook tests every module of go.work. What no single module can test, such
// as the READMEs, is tested by package proofread.
package workbook

import (
	"context"
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

// TestModules runs the tests of each module of go.work, as many modules at a time as
// there are cores. The flags -race, -short, -v and -count reach them, and so does the
// part of -run after the module's name:
//
//	go test . -run TestModules/chapter03/TestClientsOverlap
//
// .ci/run vets the modules.
func TestModules(t *testing.T) {
	dirs, err := proofread.Modules()
	require.NoError(t, err)
	for i, dir := range dirs {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, proofread.Watch(dir))
			args := slices.Concat([]string{"test", "-vet=off"}, testFlags(i == 0), []string{"./..."})
			ctx, cancel := almostAllTime(t)
			defer cancel()
			cmd := exec.CommandContext(ctx, "go", args...)
			cmd.Dir, cmd.WaitDelay = dir, time.Second
			out, err := cmd.CombinedOutput()
			t.Logf("%v\n%s", cmd, out)
			require.NoError(t, err)
		})
	}
}

// testFlags returns the flags for a module's go test. What they are depends on the flags
// of this test alone, and not on how late it is: Go keeps a result with its flags.
func testFlags(first bool) []string {
	os.Getenv("UPDATE_GOLDEN") // has an effect on the modules: a cached result is of no use
	flags := []string{"-timeout=" + timeout().String()}
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
	} else if !first {
		// It takes seconds, and every chapter's prime.go is the same, as proofread checks.
		flags = append(flags, "-skip=^TestLargestPrime$")
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

// timeout returns how long a package of a module may take. It is half of what this test
// may take, so that the module's test ends first and says where it hangs. Zero is no limit.
func timeout() time.Duration {
	return flag.Lookup("test.timeout").Value.(flag.Getter).Get().(time.Duration) / 2
}

// almostAllTime leaves this test the time to report how far a module has come.
func almostAllTime(t *testing.T) (context.Context, context.CancelFunc) {
	deadline, ok := t.Deadline()
	if !ok {
		return context.WithCancel(t.Context())
	}
	return context.WithDeadline(t.Context(), deadline.Add(-10*time.Second))
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
