// Package shared does work once for all who want its result at the same time.
package shared

import "context"

// A Work is something that takes long, and whose result is the same for all who ask for the same n. The zero value with a
// Do is ready to use.
type Work struct {
	// Do does it, or returns ctx's error if ctx is done.
	Do func(ctx context.Context, n uint64) (bool, error)
}

// Wait returns what Do says of n. Whoever asks while another is waiting for the same n waits with him: Do is called once for both.
// A caller whose ctx is done gets ctx's error at once, and the work goes on for the others. When nobody
// waits for it any more, it is told to give up, and nobody who comes later gets to see that.
func (w *Work) Wait(ctx context.Context, n uint64) (bool, error) {
	return w.Do(ctx, n)
}
