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
	modules, tests := divided(flag.Lookup("test.run").Value.String())
	wanted, err := regexp.Compile(modules)
	require.NoError(t, err)
	dirs = slices.DeleteFunc(dirs, func(dir string) bool { return !wanted.MatchString(strings.ReplaceAll(dir, "/", "-")) })
	require.NotEmpty(t, dirs, "no module has a name that matches %s", wanted)
	choice := "-skip=^TestLargestPrime$"
	if tests != "" {
		choice = "-run=" + tests
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

// divided returns what a -run pattern says about the modules, and about their tests.
func divided(pattern string) (modules, tests string) {
	_, inside, _ := strings.Cut(pattern, "/")
	modules, tests, _ = strings.Cut(inside, "/")
	return modules, tests
}

func TestDivided(t *testing.T) {
	for pattern, want := range map[string][2]string{
		"":                                    {},
		"TestModules":                         {},
		"TestModules/chapter03":               {"chapter03"},
		"TestModules/chapter03/TestReplies":   {"chapter03", "TestReplies"},
		"TestModules//TestSessions/some_case": {"", "TestSessions/some_case"},
	} {
		modules, tests := divided(pattern)
		assert.Equal(t, want, [2]string{modules, tests}, pattern)
	}
}
