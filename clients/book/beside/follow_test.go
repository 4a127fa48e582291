package beside

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/exercise/desk"
	"example.com/concurrent-network-server/clients/exercise/hole"
	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
)

// TestWayThrough does an exercise on its page: not begun, begun, wrong, broken, solved.
func TestWayThrough(t *testing.T) {
	r := open(t)
	p := r.look()
	s := p.until("there", func(state) bool { return true })
	assert.Equal(t, "my/1.1-add", s.Dir)
	assert.False(t, s.Begun)
	s = p.until("shown", func(s state) bool { return len(s.Views) > 0 })
	assert.Contains(t, s.Views[0].Code, "</b> a\n")

	require.Equal(t, 200, r.post("/desk/1.1/start").StatusCode)
	s = p.over()
	assert.False(t, s.Right)
	assert.Equal(t, "0 of 1.", s.Verdict)
	assert.Equal(t, []test{{"TestAdd", "bad", "fails", "add_test.go:9 (small numbers): 2+3 is not 2", "b is missing."}}, s.Tests)
	require.Len(t, s.Views, 1)
	assert.Equal(t, "add.go 5 Add", fmt.Sprint(s.Views[0].File, " ", s.Views[0].Line, " ", s.Views[0].Function))
	assert.Contains(t, s.Views[0].Code, `<span class="n" data-n="5"></span>	<b>return</b> a`)

	r.write("return a", "return a +")
	s = p.until("broken", func(s state) bool { return s.Compiler != "" && s.Doing == "" })
	assert.Contains(t, s.Compiler, "add.go:6:1: syntax error")
	assert.Equal(t, "It does not compile.", s.Verdict)

	r.write("return a +", "if b > 100 { return 0 }; return a + b")
	s = p.until("nearly right", func(s state) bool { return s.Rest != nil })
	assert.Equal(t, "good", s.Tests[0].Mark)
	assert.Equal(t, "TestLarge", s.Rest.Name)

	r.write("if b > 100 { return 0 }; ", "")
	s = p.until("solved", func(s state) bool { return s.Right && s.Solved })
	assert.Empty(t, s.Verdict)
	assert.Contains(t, s.Views[0].Code, "a + b")
}

// TestNamedFirst: how a named test has ended is told while the others run.
func TestNamedFirst(t *testing.T) {
	r := begun(t, "return a + b")
	r.gate()
	s := r.look().until("testing the rest", func(s state) bool { return s.Doing == desk.TheRest })
	assert.Equal(t, "good", s.Tests[0].Mark)
	assert.False(t, s.Right)
}

// A gate stands for the check, in which the named test has passed: it counts how many run at a time, and ends
// one when it's told to.
type gate struct {
	running, most, all atomic.Int32
	begun              chan string
	finish, givenUp    chan struct{}
}

func (r *reader) gate() *gate {
	g := &gate{begun: make(chan string, 100), finish: make(chan struct{}), givenUp: make(chan struct{}, 100)}
	r.followers["1.1"].check = func(ctx context.Context, e hole.Exercise, dir string, tell func(desk.Result)) (desk.Result, error) {
		g.most.Store(max(g.most.Load(), g.running.Add(1)))
		defer g.running.Add(-1)
		g.all.Add(1)
		text, _ := os.ReadFile(filepath.Join(dir, "add.go"))
		g.begun <- string(text)
		tell(desk.Result{Doing: desk.TheRest, Tests: []desk.Test{{Name: "TestAdd", Outcome: &hole.Outcome{State: hole.Passed}}}})
		select {
		case <-g.finish:
			return desk.Result{Compiler: "x"}, nil
		case <-ctx.Done():
			g.givenUp <- struct{}{}
			return desk.Result{}, ctx.Err()
		}
	}
	return g
}

// TestOneAtATime: with many pages and many saves, one check runs at a time, and the last save is checked.
func TestOneAtATime(t *testing.T) {
	r := begun(t, "return 0")
	g := r.gate()
	first := r.look()
	for range 3 {
		r.look()
	}
	for i := range 10 {
		text := <-g.begun
		assert.Contains(t, text, fmt.Sprintf("return %d\n", i))
		r.write(fmt.Sprintf("return %d\n", i), fmt.Sprintf("return %d\n", i+1))
	}
	assert.Contains(t, <-g.begun, "return 10\n")
	g.finish <- struct{}{}
	first.over()
	assert.EqualValues(t, 1, g.most.Load())
	assert.EqualValues(t, 11, g.all.Load(), "one for each save, whatever the number of pages")
}

// TestComeBack: a page that was hidden for a moment finds the result of what was saved meanwhile, and
// what is known isn't checked again.
func TestComeBack(t *testing.T) {
	r := begun(t, "return 0")
	g := r.gate()
	p := r.look()
	<-g.begun
	g.finish <- struct{}{}
	p.over()
	p.close()
	r.write("return 0", "return 1")
	assert.Contains(t, <-g.begun, "return 1", "nobody looks, and it is checked")
	g.finish <- struct{}{}
	again := r.look()
	again.until("known", func(s state) bool { return s.Doing == "" && s.Verdict != "" && strings.Contains(s.Views[0].Code, "1") })
	assert.EqualValues(t, 2, g.all.Load())
}

// TestNobodyLooks: some time after the last page has gone, nothing is checked any more, and what is
// being checked is given up. The next page starts it anew.
func TestNobodyLooks(t *testing.T) {
	r := begun(t, "return 0")
	r.followers["1.1"].linger = time.Millisecond
	g := r.gate()
	p := r.look()
	<-g.begun
	p.close()
	<-g.givenUp
	p = r.look()
	<-g.begun
	g.finish <- struct{}{}
	p.over()
}

// TestGone: a copy that is deleted while the page follows it isn't begun any more. It may come back.
func TestGone(t *testing.T) {
	r := begun(t, "return 0")
	g := r.gate()
	p := r.look()
	<-g.begun
	require.NoError(t, os.RemoveAll("my/1.1-add"))
	<-g.givenUp
	p.until("gone", func(s state) bool { return !s.Begun && strings.Contains(s.Views[0].Code, "</b> a\n") }) // as it begins
	_, _, err := r.desk.Start(r.desk.Exercises[0], "elsewhere", false)                                       // in the terminal
	require.NoError(t, err)
	assert.Equal(t, holetest.Stub, <-g.begun, "where there is no copy, nothing is checked")
	s := p.until("back", func(s state) bool { return s.Begun && s.Doing != "" })
	assert.Equal(t, "elsewhere", s.Dir)
	g.finish <- struct{}{}
	p.over()
}

// TestSolvedBefore: what has been solved is checked again when it's changed, and not before.
func TestSolvedBefore(t *testing.T) {
	begun(t, "return 0").solve()
	r := reopen(t)
	g := r.gate()
	p := r.look()
	s := p.until("shown", func(s state) bool { return len(s.Views) > 0 })
	assert.True(t, s.Solved)
	assert.Empty(t, s.Verdict)
	assert.Empty(t, s.Doing)
	r.write("return 0", "return 1")
	assert.Contains(t, <-g.begun, "return 1")
	assert.EqualValues(t, 1, g.all.Load())
	require.Equal(t, 200, r.post("/desk/1.1/start?again=1").StatusCode)
	assert.Equal(t, holetest.Stub, <-g.begun, "begun again, it isn't solved any more")
}

// TestTerminal: what is solved in the terminal is solved on the page at once.
func TestTerminal(t *testing.T) {
	r := begun(t, "return 0")
	r.gate()
	p := r.look()
	p.until("begun", func(s state) bool { return s.Begun && !s.Solved })
	r.solve()
	p.until("solved", func(s state) bool { return s.Solved })
	holetest.Write(t, "my/progress.json", "{")
	p.until("unreadable", func(s state) bool { return strings.Contains(s.Problem, "delete ") })
}
