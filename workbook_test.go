// Package workbook tests the chapters, each of which is a module of its own. The tests of
// the rest are beside it, in the folder clients: package proofread tests the text.
package workbook

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/proofread"
)

// TestModules runs the tests of the modules of go.work with one go command, which compiles and links
// what they share once. The flags -race, -short, -v and -count reach them, and so does -run: after the
// first slash it selects modules by their names, in which a slash is a hyphen, and after the second
// their tests:
//
//	go test . -run TestModules/chapter03/TestClientsOverlap
//
// The largest prime takes seconds, and is left to .ci/run, which vets the modules too.
func TestModules(t *testing.T) {
	dirs, err := proofread.Modules()
	require.NoError(t, err)
	pattern := flag.Lookup("test.run").Value.String()
	dirs = slices.DeleteFunc(dirs, func(dir string) bool { return !selected(pattern, dir) })
	require.NotEmpty(t, dirs, "no module has a name that matches -run %s", pattern)
	choice := "-skip=^TestLargestPrime$"
	if run := innerRun(pattern); run != "" {
		choice = "-run=" + run
	}
	args := slices.Concat([]string{"test", "-vet=off", "-ldflags=-s -w", choice}, testFlags())
	for _, dir := range dirs {
		require.NoError(t, proofread.Watch(dir))
		args = append(args, "./"+dir+"/...")
	}
	ctx, cancel := almostAllTime(t)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	t.Log("\n" + string(out))
	assert.NoError(t, err)
}

// testFlags returns flags for go test. What they are depends on the flags of this test alone,
// and not on how late it is: Go keeps a result with its flags.
func testFlags() []string {
	for _, effective := range []string{"UPDATE_GOLDEN", "CHAOS"} { // on the modules: a cached result is of no use
		os.Getenv(effective)
	}
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

// almostAllTime leaves this test the time to report how far the modules have come.
func almostAllTime(t *testing.T) (context.Context, context.CancelFunc) {
	deadline, ok := t.Deadline()
	if !ok {
		return context.WithCancel(t.Context())
	}
	return context.WithDeadline(t.Context(), deadline.Add(-10*time.Second))
}

// name names a module in -run.
func name(dir string) string { return strings.ReplaceAll(dir, "/", "-") }

// selected reports whether a -run pattern wants the tests of a module.
func selected(pattern, dir string) bool {
	levels := strings.SplitN(pattern, "/", 3)
	if len(levels) < 2 {
		return true
	}
	matched, err := regexp.MatchString(levels[1], name(dir))
	return matched && err == nil
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
	require.True(t, selected("TestModules", "chapter03-x"))
	require.True(t, selected("TestModules/r0[34]/TestX", "chapter03-x"))
	require.False(t, selected("TestModules/chapter03", "chapter04-x"))
}
