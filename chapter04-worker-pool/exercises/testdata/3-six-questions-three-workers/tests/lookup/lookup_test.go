package lookup

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
)

// A directory is a find that waits until the test lets a call go.
type directory struct {
	mu    sync.Mutex
	begun []string
	calls map[string]chan error
}

func (d *directory) find(_ context.Context, key string) (string, error) {
	d.mu.Lock()
	call := make(chan error)
	d.begun, d.calls[key] = append(d.begun, key), call
	d.mu.Unlock()
	return "the number of " + key, <-call
}

// answer lets a call go, and returns which have begun when nothing moves any more.
func (d *directory) answer(key string, err error) []string {
	d.mu.Lock()
	call := d.calls[key]
	delete(d.calls, key)
	d.mu.Unlock()
	if call != nil {
		call <- err
	}
	synctest.Wait()
	return d.seen()
}

func (d *directory) seen() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Sorted(slices.Values(d.begun))
}

// answerAll lets all calls go, until none begins any more.
func (d *directory) answerAll() {
	for range 100 {
		for _, key := range d.seen() {
			d.answer(key, nil)
		}
	}
}

type result struct {
	found []string
	err   error
}

// asked runs a test in which All has been called for a to f, with three workers.
func asked(t *testing.T, test func(t *testing.T, d *directory, stop func(), results chan result)) {
	synctest.Test(t, func(t *testing.T) {
		d := &directory{calls: map[string]chan error{}}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		results := make(chan result, 1)
		go func() {
			found, err := All(ctx, 3, []string{"a", "b", "c", "d", "e", "f"}, d.find)
			results <- result{found, err}
		}()
		synctest.Wait()
		test(t, d, stop, results)
		d.answerAll() // when the test fails
	})
}

// TestAsManyAsWorkers proves that three workers are at work, neither more nor fewer, and that who is free takes
// the next key at once.
func TestAsManyAsWorkers(t *testing.T) {
	asked(t, func(t *testing.T, d *directory, stop func(), results chan result) {
		assert.Equal(t, []string{"a", "b", "c"}, d.seen(), "keys that are being looked up by three workers")
		assert.Equal(t, []string{"a", "b", "c", "d"}, d.answer("b", nil), "keys that have been begun, when one of three workers is free again")
		assert.Equal(t, []string{"a", "b", "c", "d", "e"}, d.answer("d", nil), "keys that have been begun, when one is quick and two are slow")
	})
}

// TestOrder proves that what is found comes in the order of the keys, whoever is quick.
func TestOrder(t *testing.T) {
	asked(t, func(t *testing.T, d *directory, stop func(), results chan result) {
		for _, key := range []string{"c", "b", "d", "f", "e", "a"} {
			d.answer(key, nil)
		}
		d.answerAll()
		r := <-results
		assert.NoError(t, r.err, "all has been found, and the caller gets an error")
		assert.Equal(t, []string{"the number of a", "the number of b", "the number of c", "the number of d", "the number of e", "the number of f"},
			r.found, "the caller can't tell which is whose")
	})
}

// TestFailure proves that nothing new begins when a call has failed, and that the caller learns why it has.
func TestFailure(t *testing.T) {
	asked(t, func(t *testing.T, d *directory, stop func(), results chan result) {
		failure := errors.New("no such host")
		d.answer("b", failure)
		assert.Empty(t, results, "All has returned, and two of its calls are still at work")
		d.answerAll()
		assert.Equal(t, []string{"a", "b", "c"}, d.seen(), "keys that have been begun, though the second has failed: the answers are of no use to anybody")
		r := <-results
		assert.Equal(t, failure, r.err, "a call has failed, and the caller is told something else")
	})
}

// TestStop proves that nothing new begins when the context is done, and that All waits for what has begun.
func TestStop(t *testing.T) {
	asked(t, func(t *testing.T, d *directory, stop func(), results chan result) {
		stop()
		synctest.Wait()
		assert.Empty(t, results, "All has returned, and three of its calls are still at work")
		d.answerAll()
		assert.Equal(t, []string{"a", "b", "c"}, d.seen(), "keys that have been begun, though nobody waits for the answers any more")
		r := <-results
		assert.ErrorIs(t, r.err, context.Canceled, "the caller has given up, and All does not say so")
	})
}

// TestFewGoroutines proves that a million keys don't cost a million goroutines.
func TestFewGoroutines(t *testing.T) {
	before, most := runtime.NumGoroutine(), 0
	var mu sync.Mutex
	keys := make([]string, 1000)
	for i := range keys {
		keys[i] = fmt.Sprint(i)
	}
	found, err := All(t.Context(), 4, keys, func(_ context.Context, key string) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		most = max(most, runtime.NumGoroutine())
		return key, nil
	})
	assert.NoError(t, err, "no lookup has failed, and Lookup fails")
	assert.Equal(t, keys, found, "a thousand keys, and what was found for them")
	assert.LessOrEqual(t, most-before, 8, "goroutines for a thousand keys, with four workers")
	assert.LessOrEqual(t, runtime.NumGoroutine(), before+1, "goroutines that are left when All has returned")
}
