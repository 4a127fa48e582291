// Package workbook tests the chapters, each of which is a module of its own. The tests of
// the rest are beside it, in the folder clients: package proofread tests the text.
package workbook

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"maps"
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

// TestModules runs the tests of the modules of go.work, and reports them by module. The flags
// -race, -short, -v and -count reach them, and so does the part of -run after the module's
// name, in which a slash is a hyphen:
//
//	go test . -run TestModules/chapter03/TestClientsOverlap
//
// .ci/run vets the modules.
func TestModules(t *testing.T) {
	dirs, err := proofread.Modules()
	require.NoError(t, err)
	pattern := flag.Lookup("test.run").Value.String()
	dirs = slices.DeleteFunc(dirs, func(dir string) bool { return !selected(pattern, dir) })
	require.NotEmpty(t, dirs, "no module has a name that matches -run %s", pattern)
	for _, dir := range dirs {
		require.NoError(t, proofread.Watch(dir))
	}
	results, err := testAll(t, dirs, innerRun(pattern))
	for _, dir := range dirs {
		t.Run(name(dir), func(t *testing.T) {
			r := results[dir]
			t.Log("\n" + r.output.String())
			assert.True(t, r.passed > 0 && r.failed == 0, "%d packages have passed, and %d have not", r.passed, r.failed)
		})
	}
	assert.NoError(t, err)
}

// A result is what the tests of a module have said, and in how many of its packages they
// have passed and failed.
type result struct {
	output         strings.Builder
	passed, failed int
}

// testAll runs the tests of the modules with one go command, which compiles and links what
// they share once. The largest prime takes seconds, and is left to .ci/run.
func testAll(t *testing.T, dirs []string, run string) (map[string]*result, error) {
	choice := "-skip=^TestLargestPrime$"
	if run != "" {
		choice = "-run=" + run
	}
	args := slices.Concat([]string{"test", "-json", "-vet=off", "-ldflags=-s -w", choice}, testFlags())
	results := map[string]*result{}
	for _, dir := range dirs {
		results[dir] = &result{}
		args = append(args, "./"+dir+"/...")
	}
	ctx, cancel := almostAllTime(t)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.WaitDelay = time.Second
	cmd.Stderr = os.Stderr // what goes wrong before there is a test
	out, err := cmd.StdoutPipe()
	if err != nil {
		return results, err
	}
	if err := cmd.Start(); err != nil {
		return results, err
	}
	return results, errors.Join(read(out, results), cmd.Wait())
}

// An event is what go test -json says: see go doc test2json.
type event struct{ Action, Package, ImportPath, Test, Output string }

const prefix = "example.com/concurrent-network-server/"

// read adds events to the results of their modules. What a test prints is shown when it has
// failed, when its package has and it never ended, or if all is to be shown.
func read(events io.Reader, results map[string]*result) error {
	printed := map[string]map[string]string{} // by package and test
	for decoder := json.NewDecoder(events); ; {
		var e event
		if err := decoder.Decode(&e); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		r := results[moduleOf(e.Package+e.ImportPath, results)]
		if r == nil {
			continue // of a library
		}
		if printed[e.Package] == nil {
			printed[e.Package] = map[string]string{}
		}
		r.show(e, printed[e.Package])
		r.count(e)
	}
}

// show adds to the output what the tests of e's package have printed, if e is the reason.
func (r *result) show(e event, printed map[string]string) {
	printed[e.Test] += e.Output
	switch {
	case e.Test == "" && e.Action == "fail":
		for _, test := range slices.Sorted(maps.Keys(printed)) {
			r.output.WriteString(printed[test])
		}
	case e.Test == "" || e.Action == "fail" || testing.Verbose():
		r.output.WriteString(printed[e.Test])
		delete(printed, e.Test)
	case e.Action == "pass" || e.Action == "skip":
		delete(printed, e.Test)
	}
}

// moduleOf returns the folder of a package's module, the deepest of the folders that it is in.
func moduleOf(path string, results map[string]*result) string {
	module := ""
	for dir := range results {
		if strings.HasPrefix(path+"/", prefix+dir+"/") && len(dir) > len(module) {
			module = dir
		}
	}
	return module
}

// count counts a package that has ended.
func (r *result) count(e event) {
	switch {
	case e.Test != "":
	case e.Action == "pass", e.Action == "skip":
		r.passed++
	case e.Action == "fail":
		r.failed++
	}
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

// name names a module's subtest.
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

// TestRead reads what go test says of a test that fails and one that passes, of one that its
// package's time-out has found running, of a package that does not compile, and of one without
// tests.
func TestRead(t *testing.T) {
	results := map[string]*result{"a": {}, "b": {}, "b/c": {}}
	text := ""
	for _, e := range []string{
		`"Package":"P/a","Test":"TestX","Action":"output","Output":"why\n"`, `"Package":"P/a","Test":"TestX","Action":"fail"`,
		`"Package":"P/a","Test":"TestY","Action":"output","Output":"noise\n"`, `"Package":"P/a","Test":"TestY","Action":"pass"`,
		`"Package":"P/a","Test":"TestZ","Action":"output","Output":"it hangs here\n"`,
		`"Package":"P/a","Action":"output","Output":"FAIL P/a\n"`, `"Package":"P/a","Action":"fail"`,
		`"Package":"P/a/in","Action":"pass"`,
		`"ImportPath":"P/b","Action":"build-output","Output":"syntax\n"`, `"ImportPath":"P/b","Action":"build-fail"`,
		`"Package":"P/b","Action":"fail"`, `"Package":"P/b/c/d","Action":"skip"`,
		`"ImportPath":"elsewhere/a","Action":"build-fail"`,
	} {
		text += "{" + strings.ReplaceAll(e, "P/", prefix) + "}\n"
	}
	require.NoError(t, read(strings.NewReader(text), results))
	a, b, c := results["a"], results["b"], results["b/c"]
	assert.Equal(t, []int{1, 1, 0, 1, 1, 0}, []int{a.passed, a.failed, b.passed, b.failed, c.passed, c.failed})
	if !testing.Verbose() {
		assert.Equal(t, "why\nFAIL "+prefix+"a\nit hangs here\n", a.output.String())
	}
	assert.Equal(t, "syntax\n", b.output.String())
	assert.Error(t, read(strings.NewReader("no JSON"), results))
}
