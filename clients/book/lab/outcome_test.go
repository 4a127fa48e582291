package lab

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestMedianEcho: three echoes beside two primes, the second of which is answered last.
func TestMedianEcho(t *testing.T) {
	events := []Event{
		{At: 1_000, Client: 1, Kind: Sent, Text: longPrime}, {At: 2_000, Client: 2, Kind: Sent, Text: longPrime},
		{At: 500_000, Client: 3, Kind: Sent, Text: oneFrame}, {At: 500_120, Client: 3, Kind: Answered, Bytes: 4},
		{At: 600_000, Client: 4, Kind: Sent, Text: oneFrame}, {At: 600_010, Client: 4, Kind: Answered}, {At: 604_260, Client: 4, Kind: Answered, Bytes: 4},
		{At: 700_000, Client: 5, Kind: Sent, Text: oneFrame}, {At: 790_000, Client: 5, Kind: Answered, Bytes: 4},
		{At: 6_801_000, Client: 1, Kind: Answered, Bytes: 6}, {At: 7_201_000, Client: 2, Kind: Answered, Bytes: 6},
	}
	assert.Equal(t, "4.3 ms, and the primes are done after 7.2 s", medianEcho(events))
	assert.Equal(t, "4.3 ms, replies still missing: 1", medianEcho(events[:len(events)-1]))
	assert.Equal(t, "0.12 ms, replies still missing: 3", medianEcho(events[:5]))
	assert.Equal(t, "no echo has a reply", medianEcho(events[:3]))
	for n, want := range map[float64]string{.117: "0.12", .994: "0.99", 1.04: "1.0", 9.94: "9.9", 10.4: "10", 118.2: "118"} {
		assert.Equal(t, want, digits(n))
	}
}

// TestReplies: an answer that comes twice counts twice, and an echo is none.
func TestReplies(t *testing.T) {
	events := []Event{
		{Client: 1, Kind: Sent, Text: longPrime}, {Client: 2, Kind: Sent, Text: longPrime}, {Client: 3, Kind: Sent, Text: oneFrame},
		{Client: 3, Kind: Answered, Bytes: 4, Text: "fdip"}, {Client: 1, Kind: Answered, Bytes: 6, Text: quote([]byte("prime\n"))},
	}
	assert.Equal(t, "1", replies(events))
	events = append(events, Event{Client: 1, Kind: Part, Bytes: 6, Text: quote([]byte("prime\n"))})
	assert.Equal(t, "2", replies(events))
}
