package desk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/exercise/hole"
	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
	"example.com/concurrent-network-server/clients/internal/chapters"
)

// open returns the desk of a small workbook, and its exercise.
func open(t *testing.T) (*Desk, hole.Exercise) {
	holetest.Workbook(t)
	list, root, err := chapters.Find()
	require.NoError(t, err)
	d, err := Open(list, root)
	require.NoError(t, err)
	return d, d.Exercises[0]
}

// begun is open for one who has started the exercise, and written this.
func begun(t *testing.T, body string) (*Desk, hole.Exercise, string) {
	d, e := open(t)
	dir, _, err := d.Start(e, "", false)
	require.NoError(t, err)
	holetest.Edit(t, filepath.Join(dir, "add.go"), "return a", body)
	return d, e, dir
}

// TestCheckTells: what a test says is told when it has ended, and the named tests before all others.
func TestCheckTells(t *testing.T) {
	d, e, dir := begun(t, "return a + b")
	var doing []string
	var named []bool
	result, err := d.Check(t.Context(), e, dir, func(r Result) {
		doing, named = append(doing, r.Doing), append(named, r.Tests[0].Outcome != nil)
		assert.Equal(t, "TestAdd", r.Tests[0].Name)
	})
	require.NoError(t, err)
	assert.Equal(t, []string{Compiling, Compiling, Testing, Testing, TheRest, TheRest}, doing)
	assert.Equal(t, []bool{false, false, false, true, true, true}, named)
	assert.True(t, result.Solved())
	assert.Empty(t, result.Doing)
	p, err := d.Progress()
	require.NoError(t, err)
	assert.True(t, p.Solved["1.1"])
}

// TestVerdicts: nothing but a solution is noted as solved. A test that fails as the text says is
// explained by the text, another by its own comment.
func TestVerdicts(t *testing.T) {
	for _, test := range []struct{ body, verdict, says string }{
		{"return a", "0 of 1.", "b is missing."},
		{"return a * b", "0 of 1.", "TestAdd proves that small numbers are added."},
		{"return a +", "It does not compile.", ""},
		{"if b > 100 { return 0 }; return a + b", "The idea is there. Now something else in the chapter is broken.", ""},
	} {
		d, e, dir := begun(t, test.body)
		result, err := d.Check(t.Context(), e, dir, func(Result) {})
		require.NoError(t, err)
		assert.False(t, result.Solved(), test.body)
		assert.Equal(t, test.verdict, result.Verdict())
		assert.Equal(t, test.says, result.Tests[0].Says)
		p, err := d.Progress()
		require.NoError(t, err)
		assert.False(t, p.Solved["1.1"], test.body)
	}
}

// TestNoVerdict: a check that was cut short says neither yes nor no.
func TestNoVerdict(t *testing.T) {
	d, e, dir := begun(t, "return a + b")
	ctx, cancel := context.WithCancel(t.Context())
	result, err := d.Check(ctx, e, dir, func(r Result) {
		if r.Doing == TheRest {
			cancel()
		}
	})
	assert.ErrorIs(t, err, context.Canceled)
	assert.False(t, result.Solved())
	p, err := d.Progress()
	require.NoError(t, err)
	assert.Empty(t, p.Solved)
}

// TestSolution shows the reader's file beside the book's, if there is one.
func TestSolution(t *testing.T) {
	_, e, dir := begun(t, "return b + a")
	files, err := Solution(e, dir)
	require.NoError(t, err)
	require.Len(t, files, 1)
	assert.Equal(t, File{"add.go", holetest.Stub, holetest.Code, files[0].Own, true}, files[0])
	assert.Contains(t, files[0].Own, "return b + a")
	require.NoError(t, os.Remove(filepath.Join(dir, "add.go")))
	files, err = Solution(e, dir)
	require.NoError(t, err)
	assert.False(t, files[0].IsOwn)
}

// rounds watches a copy, in rounds that last until it changes. It returns what each has seen.
func rounds(t *testing.T, dir string) (seen <-chan string, end func()) {
	ctx, cancel := context.WithCancel(t.Context())
	stamps, done := make(chan string, 100), make(chan error, 1)
	go func() {
		done <- Watch(ctx, func() string { return dir }, func(ctx context.Context, _, stamp string) error {
			stamps <- stamp
			<-ctx.Done()
			return ctx.Err()
		})
	}()
	return stamps, func() {
		cancel()
		assert.NoError(t, <-done)
	}
}

// TestWatch: a save ends the round that it finds, and begins another; so does a new folder, and a copy
// that goes or comes back.
func TestWatch(t *testing.T) {
	_, _, dir := begun(t, "return a")
	seen, end := rounds(t, dir)
	first := <-seen
	assert.NotEmpty(t, first)
	holetest.Edit(t, filepath.Join(dir, "add.go"), "return a", "return a + b")
	second := <-seen
	assert.NotEqual(t, first, second)
	holetest.Write(t, filepath.Join(dir, "new", "new.go"), "package new\n")
	third := <-seen
	assert.NotEqual(t, second, third)
	holetest.Write(t, filepath.Join(dir, "notes.txt"), "no code\n")
	require.NoError(t, os.RemoveAll(dir))
	assert.Empty(t, <-seen, "no copy")
	holetest.Write(t, filepath.Join(dir, "go.mod"), "module a\n")
	assert.NotEmpty(t, <-seen)
	end()
}

// TestHalfSaved: an editor that saves in several steps is waited for, when the watch begins and later. The
// steps are nearer to each other than two looks.
func TestHalfSaved(t *testing.T) {
	_, _, dir := begun(t, "return a")
	save := func(t *testing.T) (whole string) {
		file, err := os.Create(filepath.Join(dir, "add.go"))
		require.NoError(t, err)
		defer file.Close()
		for line := range strings.Lines(holetest.Code) {
			time.Sleep(pace / 2)
			_, err := file.WriteString(line)
			require.NoError(t, err)
		}
		return hole.Stamp(dir)
	}
	synctest.Test(t, func(t *testing.T) {
		seen, end := rounds(t, dir)
		for range 2 {
			whole := save(t)
			assert.Equal(t, whole, <-seen)
			assert.Empty(t, seen, "nothing else has been checked")
		}
		end()
	})
}

// TestWatchFails: the error of a round is Watch's.
func TestWatchFails(t *testing.T) {
	_, _, dir := begun(t, "return a")
	failure := errors.New("no")
	err := Watch(t.Context(), func() string { return dir }, func(context.Context, string, string) error { return failure })
	assert.ErrorIs(t, err, failure)
}
