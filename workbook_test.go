// Package workbook tests every module of go.work, and holds the nine servers to the protocol.
// Package proofread tests the text.
package workbook

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/proofread"
)

// TestModules runs the tests of each module of go.work, as many modules at a time as
// there are cores, and the last one, which takes longest, first. The flags -race, -short,
// -v and -count reach them, and so does the part of -run after the module's name, in which a
// slash is a hyphen:
//
//	go test . -run TestModules/chapter03/TestClientsOverlap
//
// .ci/run vets the modules.
func TestModules(t *testing.T) {
	dirs, err := proofread.Modules()
	require.NoError(t, err)
	for i, dir := range slices.Backward(dirs) {
		t.Run(strings.ReplaceAll(dir, "/", "-"), func(t *testing.T) {
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

// TestConform holds each chapter's server to the protocol and to what the chapter promises,
// from outside, all at once. .ci/run tries the cases that take longer.
func TestConform(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	servers, err := filepath.Glob("chapter0*")
	require.NoError(t, err)
	require.Len(t, servers, 9)
	tmp := build(t, append(servers, "clients/conform"))
	failures := make([]error, len(servers))
	var all sync.WaitGroup
	for i, server := range servers {
		all.Go(func() { failures[i] = conform(filepath.Join(tmp, server), filepath.Join(tmp, "conform"), i+1) })
	}
	all.Wait()
	for i, server := range servers {
		t.Run(server, func(t *testing.T) { assert.NoError(t, failures[i]) })
	}
}

// build builds programs from folders, into one that it returns.
func build(t *testing.T, sources []string) string {
	args := []string{"build", "-o", t.TempDir()}
	for _, source := range sources {
		require.NoError(t, proofread.Watch(source))
		args = append(args, "./"+source)
	}
	out, err := exec.Command("go", args...).CombinedOutput()
	require.NoError(t, err, string(out))
	return args[2]
}

// conform runs a chapter's server and holds it to what the chapter promises.
func conform(server, client string, chapter int) error {
	if runtime.GOOS == "windows" && 5 <= chapter && chapter <= 7 {
		return nil // they make Unix system calls
	}
	cmd := exec.Command(server, "-addr", "127.0.0.1:0")
	log, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	addr := address(log)
	go io.Copy(io.Discard, log) // what else it says must not block it
	out, err := exec.Command(client, "-short", "-chapter", strconv.Itoa(chapter), "-addr", addr).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

var listening = regexp.MustCompile(`listening.*?(127\.0\.0\.1:\d+)`)

// address returns the address in a server's log, or nothing if the log ends before.
func address(log io.Reader) string {
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if match := listening.FindStringSubmatch(lines.Text()); match != nil {
			return match[1]
		}
	}
	return ""
}
