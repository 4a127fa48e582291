package shared

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
)

// A laboratory is a Do that takes as long as the test likes.
type laboratory struct {
	mu       sync.Mutex
	begun    int
	gaveUp   int
	contexts []context.Context
	release  chan error
}

func (l *laboratory) do(ctx context.Context, n uint64) (bool, error) {
	l.mu.Lock()
	l.begun++
	l.contexts = append(l.contexts, ctx)
	l.mu.Unlock()
	select {
	case err := <-l.release:
		return n%2 == 1, err
	case <-ctx.Done():
		l.mu.Lock()
		defer l.mu.Unlock()
		l.gaveUp++
		return false, ctx.Err()
	}
}

// An answer is what Wait has returned.
type answer struct {
	isOdd bool
	err   error
}

// tried runs a test with a Work.
func tried(t *testing.T, test func(t *testing.T, l *laboratory, ask func(n uint64) (answers chan answer, leave func()))) {
	synctest.Test(t, func(t *testing.T) {
		l := &laboratory{release: make(chan error)}
		w := &Work{Do: l.do}
		stop, stopAll := context.WithCancel(t.Context())
		test(t, l, func(n uint64) (chan answer, func()) {
			ctx, leave := context.WithCancel(stop)
			answers := make(chan answer, 1)
			go func() {
				isOdd, err := w.Wait(ctx, n)
				answers <- answer{isOdd, err}
			}()
			synctest.Wait()
			return answers, func() { leave(); synctest.Wait() }
		})
		stopAll()
		synctest.Wait()
	})
}

// got returns an answer if it is there.
func got(answers chan answer) (a answer, there bool) {
	synctest.Wait()
	select {
	case a = <-answers:
		return a, true
	default:
		return a, false
	}
}

// TestOnce proves that work is done once for all who wait for it, and that all get its result.
func TestOnce(t *testing.T) {
	tried(t, func(t *testing.T, l *laboratory, ask func(uint64) (chan answer, func())) {
		var all []chan answer
		for range 3 {
			answers, _ := ask(7)
			all = append(all, answers)
		}
		assert.Equal(t, 1, l.begun, "times that the work has begun, for three who want the same")
		for range l.begun {
			l.release <- nil
		}
		for i, answers := range all {
			a, there := got(answers)
			assert.True(t, there, "the work is done, and client %d of three has no answer", i+1)
			assert.Equal(t, answer{true, nil}, a, "what client %d of three gets", i+1)
		}
	})
}

// TestOthers proves that who wants something else doesn't wait for it, and that a result is not kept: it's
// done again for those who come later.
func TestOthers(t *testing.T) {
	tried(t, func(t *testing.T, l *laboratory, ask func(uint64) (chan answer, func())) {
		first, _ := ask(7)
		second, _ := ask(8)
		assert.Equal(t, 2, l.begun, "times that work has begun, for two who want something different")
		l.release <- nil
		l.release <- nil
		a, _ := got(first)
		b, _ := got(second)
		assert.Equal(t, []answer{{true, nil}, {false, nil}}, []answer{a, b}, "what the one who asked for 7 gets, and the one who asked for 8")
		third, _ := ask(7)
		assert.Equal(t, 3, l.begun, "times that work has begun, when somebody asks again")
		failure := errors.New("out of paper")
		l.release <- failure
		a, _ = got(third)
		assert.Equal(t, failure, a.err, "the work has failed, and who waited for it is told something else")
	})
}

// TestOneLeaves proves that one who leaves is gone at once, and that the others get their result all the same, even if he was the first.
func TestOneLeaves(t *testing.T) {
	for leaves := range 2 {
		tried(t, func(t *testing.T, l *laboratory, ask func(uint64) (chan answer, func())) {
			var all [2]chan answer
			var leave [2]func()
			for i := range all {
				all[i], leave[i] = ask(7)
			}
			leave[leaves]()
			a, there := got(all[leaves])
			assert.True(t, there, "client %d of two gives up, and has to wait all the same", leaves+1)
			assert.ErrorIs(t, a.err, context.Canceled, "client %d of two gives up, and is told something else", leaves+1)
			assert.Zero(t, l.gaveUp, "client %d of two gives up, and the work is abandoned, though the other waits for it", leaves+1)
			if l.gaveUp == 0 && l.begun == 1 {
				l.release <- nil
			}
			a, _ = got(all[1-leaves])
			assert.Equal(t, answer{true, nil}, a, "what the client that stays gets")
		})
	}
}

// TestAllLeave proves that work for which nobody waits is abandoned, and that one who comes later gets a result, and not the
// end of somebody else's.
func TestAllLeave(t *testing.T) {
	tried(t, func(t *testing.T, l *laboratory, ask func(uint64) (chan answer, func())) {
		_, leaveFirst := ask(7)
		_, leaveSecond := ask(7)
		leaveFirst()
		leaveSecond()
		assert.Equal(t, 1, l.gaveUp, "works that have been abandoned, of one, when both who waited have left: it would compute for nobody")
		late, _ := ask(7)
		assert.Equal(t, 2, l.begun, "times that the work has begun, when somebody comes after all have left")
		if l.begun == 2 {
			l.release <- nil
		}
		a, _ := got(late)
		assert.Equal(t, answer{true, nil}, a, "what somebody gets who comes after all others have left")
	})
}

// TestContextEnds proves that the work's context is done when the work is: it would keep its memory otherwise.
func TestContextEnds(t *testing.T) {
	tried(t, func(t *testing.T, l *laboratory, ask func(uint64) (chan answer, func())) {
		ask(7)
		l.release <- nil
		synctest.Wait()
		assert.Error(t, l.contexts[0].Err(), "the work is done, and its context is not")
	})
}
