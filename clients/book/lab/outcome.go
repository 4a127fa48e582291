package lab

import (
	"fmt"
	"slices"
	"strings"
)

// order is an outcome: who is answered after whom.
func order(events []Event) string {
	names := map[int]string{}
	var list []string
	for _, e := range events {
		if e.Kind == Opened {
			names[e.Client] = e.Text
		} else if e.Kind == Answered && e.Bytes > 0 {
			list = append(list, names[e.Client])
		}
	}
	return strings.Join(list, ", ")
}

// finished is an outcome: who has the last of his replies after whom.
func finished(events []Event) string {
	last := map[int]int64{}
	for _, e := range events {
		if e.Kind == Answered && e.Bytes > 0 {
			last[e.Client] = e.At
		}
	}
	return order(slices.DeleteFunc(slices.Clone(events), func(e Event) bool {
		return e.Kind == Answered && e.At != last[e.Client]
	}))
}

// early is an outcome: how many replies had begun before the last byte of their request was sent.
func early(events []Event) string {
	n := 0
	for _, e := range events {
		if e.Kind == Answered && e.Bytes > 0 && e.Middle {
			n += e.Bytes
		}
	}
	return fmt.Sprint(n)
}

// count returns an outcome: how many clients have come to that.
func count(kind Kind) func([]Event) string {
	return func(events []Event) string {
		clients := map[int]bool{}
		for _, e := range events {
			if e.Client > 0 && e.Kind == kind && (kind != Answered || e.Bytes > 0) {
				clients[e.Client] = true
			}
		}
		return fmt.Sprint(len(clients))
	}
}

// longestEcho is an outcome: what the slowest echo has taken, in milliseconds.
func longestEcho(events []Event) string {
	sent, longest := map[int]int64{}, int64(-1)
	for _, e := range events {
		if e.Kind == Sent && e.Text == oneFrame {
			sent[e.Client] = e.At
		} else if at, ok := sent[e.Client]; ok && e.Kind == Answered && e.Bytes > 0 {
			longest = max(longest, e.At-at)
			delete(sent, e.Client)
		}
	}
	if len(sent) > 0 {
		return "it has no reply"
	}
	return fmt.Sprint((longest+999)/1000, " ms")
}

// medianEcho is an outcome: what the median of the echoes has taken, in milliseconds, and how long
// after they were asked for the last of the primes was answered.
func medianEcho(events []Event) string {
	sent, begin, done := map[int]Event{}, int64(-1), int64(0)
	var echoes []int64
	for _, e := range events {
		asked, waits := sent[e.Client]
		switch {
		case e.Kind == Sent:
			sent[e.Client] = e
			if begin < 0 {
				begin = e.At
			}
		case e.Kind != Answered || e.Bytes == 0 || !waits:
			continue
		case asked.Text == oneFrame:
			echoes = append(echoes, e.At-asked.At)
			delete(sent, e.Client)
		default:
			done = e.At
			delete(sent, e.Client)
		}
	}
	if len(echoes) == 0 {
		return "no echo has a reply"
	}
	slices.Sort(echoes)
	median := digits(float64(echoes[len(echoes)/2]) / 1e3)
	if len(sent) > 0 {
		return fmt.Sprintf("%s ms, replies still missing: %d", median, len(sent))
	}
	return fmt.Sprintf("%s ms, and the primes are done after %.1f s", median, float64(done-begin)/1e6)
}

// digits returns a number with two digits, or all before the point.
func digits(n float64) string {
	switch {
	case n < 1:
		return fmt.Sprintf("%.2f", n)
	case n < 10:
		return fmt.Sprintf("%.1f", n)
	}
	return fmt.Sprintf("%.0f", n)
}

// replies is an outcome: how many lines have come, which are answers about numbers, whether they were due or not.
func replies(events []Event) string {
	n := 0
	for _, e := range events {
		if e.Kind == Answered || e.Kind == Part {
			n += strings.Count(e.Text, `\n`)
		}
	}
	return fmt.Sprint(n)
}
