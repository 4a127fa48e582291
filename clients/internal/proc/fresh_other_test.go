//go:build !linux

package proc

import "testing"

// fresh returns memory that nobody has touched, if the heap has no such piece to give.
func fresh(_ *testing.T, bytes int) []byte { return make([]byte, bytes) }
