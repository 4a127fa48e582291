package desk

import (
	"context"
	"sync"
	"time"

	"example.com/concurrent-network-server/clients/exercise/hole"
)

// pace is how often a copy is looked at, and how long it has to be quiet after a change: an editor
// that saves a file may write it in several steps. A look takes a fraction of a millisecond. Unlike
// a watcher of the system it notices new folders, and a copy that has been deleted or begun again.
const pace = 100 * time.Millisecond

// Watch calls round at once, and again when the code in the copy has changed: also in the middle of a
// round, whose context ends then, because it is of no interest any more. Find returns the folder of
// the copy. The stamp of one that isn't there is empty. It returns when ctx is done, or with the error
// of a round.
func Watch(ctx context.Context, find func() string, round func(ctx context.Context, dir, stamp string) error) error {
	for {
		seen := settled(ctx, find)
		if ctx.Err() != nil {
			return nil
		}
		if err := oneRound(ctx, find, seen, round); err != nil {
			return err
		}
	}
}

// A look is what is seen of a copy.
type look struct{ dir, stamp string }

func lookAt(dir string) look {
	if !IsCopy(dir) {
		return look{dir, ""}
	}
	return look{dir, hole.Stamp(dir)}
}

// settled returns what is seen when that has been the same for a while.
func settled(ctx context.Context, find func() string) look {
	for seen := lookAt(find()); ; {
		pause(ctx)
		now := lookAt(find())
		if now == seen || ctx.Err() != nil {
			return now
		}
		seen = now
	}
}

// oneRound calls round, and returns when the copy has changed and the call has ended.
func oneRound(ctx context.Context, find func() string, seen look, round func(ctx context.Context, dir, stamp string) error) error {
	inner, cancel := context.WithCancel(ctx)
	var working sync.WaitGroup
	defer working.Wait()
	defer cancel()
	failed := make(chan error, 1)
	working.Go(func() {
		if err := round(inner, seen.dir, seen.stamp); err != nil && inner.Err() == nil {
			failed <- err
		}
	})
	for ctx.Err() == nil && lookAt(find()) == seen {
		select {
		case err := <-failed:
			return err
		default:
			pause(ctx)
		}
	}
	return nil
}

// pause waits for a moment, or less if ctx is done.
func pause(ctx context.Context) {
	select {
	case <-time.After(pace):
	case <-ctx.Done():
	}
}
