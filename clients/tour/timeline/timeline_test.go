package timeline

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/fatih/color"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/golden"
	"example.com/concurrent-network-server/clients/internal/script"
)

const ms = time.Millisecond

// observed returns the timeline of clients that reach their stages at these times.
func observed(finished []int, times ...[]time.Duration) Timeline {
	t := New()
	for client, at := range times {
		for stage, at := range at[:min(len(at), int(script.Answered))] {
			t.Observe(script.Event{Client: client, Stage: script.Stage(stage), At: at})
		}
	}
	for _, client := range finished {
		t.Observe(script.Event{Client: client, Stage: script.Answered, At: times[client][script.Answered]})
	}
	return t
}

// one serves one client at a time.
var one = observed([]int{0, 1, 2},
	[]time.Duration{0, ms / 4, ms / 3, 1404 * ms},
	[]time.Duration{5 * ms, 1405 * ms, 1406 * ms, 1406 * ms},
	[]time.Duration{5 * ms, 1406 * ms, 1407 * ms, 1407 * ms})

// all serves all at once.
var all = observed([]int{1, 2, 0},
	[]time.Duration{0, ms / 4, ms / 3, 1404 * ms},
	[]time.Duration{5 * ms, 5 * ms, 5 * ms, 5*ms + 300*time.Microsecond},
	[]time.Duration{5 * ms, 5 * ms, 6 * ms, 6 * ms})

// turns keeps Echo waiting after the greeting, and SmallPrime for its turn.
var turns = observed([]int{0, 1},
	[]time.Duration{0, ms / 4, ms / 3, 1000 * ms},
	[]time.Duration{100 * ms, 200 * ms, 200 * ms, 1500 * ms},
	[]time.Duration{100 * ms, 300 * ms})

var drawings = []struct {
	name     string
	timeline Timeline
	width    int
	now      time.Duration // 0 is the end
}{
	{"one_80", one, 80, 0},
	{"one_50", one, 50, 0},
	{"one_10", one, 10, 0},
	{"one_live", one, 80, 700 * ms},
	{"all_80", all, 80, 0},
	{"all_50", all, 50, 0},
	{"turns_80", turns, 80, 0},
	{"nothing_80", New(), 80, 0},
}

// TestText compares drawings with files. UPDATE_GOLDEN=1 rewrites these.
func TestText(t *testing.T) {
	for _, d := range drawings {
		t.Run(d.name, func(t *testing.T) {
			seen, now := d.timeline, d.timeline.End()
			if d.now > 0 {
				seen, now = until(d.timeline, d.now), d.now
			}
			lines := seen.Text(d.width, now, d.timeline.End())
			golden.Check(t, d.name+".golden", strings.Join(lines, "\n")+"\n")
			for _, line := range lines {
				if d.width >= nameWidth+fewestCells+rightWidth {
					assert.LessOrEqual(t, len([]rune(line)), d.width, line)
				}
			}
		})
	}
}

// until returns what has been seen of a timeline at a time.
func until(t Timeline, now time.Duration) Timeline {
	seen := New()
	for client, lane := range t.Lanes {
		for stage, at := range lane.Times {
			if at <= now {
				seen.Observe(script.Event{Client: client, Stage: script.Stage(stage), At: at})
			}
		}
	}
	return seen
}

// TestPaint proves that every mark of a kind is painted, and no other.
func TestPaint(t *testing.T) {
	defer func(before bool) { color.NoColor = before }(color.NoColor)
	color.NoColor = false
	lines := one.Text(46, one.End(), one.End())
	assert.Equal(t, "Echo       \x1b[33m░░░░░░░░░░░░░░░░░░░░░░\x1b[0m\x1b[34m█\x1b[0m\x1b[32m✓\x1b[0m 2nd 1.40s", lines[1])
	assert.Equal(t, "  ", paint(NotConnected, "  "))
}

func TestLegend(t *testing.T) {
	assert.Len(t, Legend(80), 1)
	assert.Len(t, Legend(50), 3)
}

// TestPicture compares the pictures with files, and parses them.
func TestPicture(t *testing.T) {
	for name, seen := range map[string]Timeline{"one": one, "all": all, "turns": turns} {
		t.Run(name, func(t *testing.T) {
			var svg bytes.Buffer
			require.NoError(t, seen.Picture("Chapter 0: "+name).Write(&svg))
			golden.Check(t, name+".svg", svg.String())
			read, err := Read(svg.Bytes())
			require.NoError(t, err)
			assert.Equal(t, seen, read)
			var parsed struct {
				Title string   `xml:"title"`
				Texts []string `xml:"text"`
			}
			require.NoError(t, xml.Unmarshal(svg.Bytes(), &parsed))
			assert.Equal(t, "Chapter 0: "+name, parsed.Title)
			for _, text := range []string{"LongPrime", "Echo", "SmallPrime", "0s", "waits for *"} {
				assert.Contains(t, parsed.Texts, text)
			}
		})
	}
}
