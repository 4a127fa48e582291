package script

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestHold proves that LongPrime's reply overtakes those that are held, and that these
// are told of in their order.
func TestHold(t *testing.T) {
	var told []int
	r := &run{conns: []*conn{{}, {}, {}}, turn: 1, observe: func(e Event) { told = append(told, e.Client) }}
	r.finish(note{client: 1})
	assert.Empty(t, told)
	assert.Equal(t, 2, r.turn, "SmallPrime does not wait for that")
	r.finish(note{client: 2})
	r.finish(note{client: 0})
	assert.Equal(t, []int{0, 1, 2}, told)
}

// TestRelease proves that a held reply is told of when LongPrime's does not come.
func TestRelease(t *testing.T) {
	var told []int
	r := &run{conns: []*conn{{}, {}, {}}, turn: 1, observe: func(e Event) { told = append(told, e.Client) }}
	r.finish(note{client: 1})
	r.release()
	r.finish(note{client: 0})
	assert.Equal(t, []int{1, 0}, told)
	assert.Equal(t, 2, r.answered)
}
