package timeline

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fatih/color"

	"example.com/concurrent-network-server/clients/internal/human"
	"example.com/concurrent-network-server/clients/internal/script"
)

// A Mark is one cell of a bar.
type Mark rune

// The marks.
const (
	NotConnected Mark = ' '
	AwaitsStar   Mark = '░' // connected, not greeted
	AwaitsTurn   Mark = '·' // greeted, and the one before it is not answered
	AwaitsReply  Mark = '█'
	HasReply     Mark = '✓'
)

const (
	nameWidth   = len("SmallPrime ")
	rightWidth  = len("v 1st 1.41ms") // from the ✓ to the end
	fewestCells = 8
)

// Legend explains the marks, in one line if that fits.
func Legend(width int) []string {
	parts := []string{"░ waits for *", "█ waits for the reply", "✓ has it, this long after it connected"}
	if line := strings.Join(parts, "   "); utf8.RuneCountInString(line) <= width {
		return []string{line}
	}
	return parts
}

// colours are those of the marks. The color package leaves them out if the standard output
// is not a terminal or NO_COLOR is set.
var colours = map[Mark]*color.Color{
	AwaitsStar:  color.New(color.FgYellow),
	AwaitsTurn:  color.New(color.Faint),
	AwaitsReply: color.New(color.FgBlue),
	HasReply:    color.New(color.FgGreen),
}

// paint colours a run of one mark.
func paint(mark Mark, s string) string {
	if c, ok := colours[mark]; ok {
		return c.Sprint(s)
	}
	return s
}

// Text draws a lane per line and the time axis, in that many columns if they are enough for
// anything. The axis goes from 0 to span, and what is later than now is not known yet.
func (t Timeline) Text(width int, now, span time.Duration) []string {
	cells := max(width-nameWidth-rightWidth, fewestCells)
	span = max(span, 1)
	var lines []string
	for i, lane := range t.Lanes {
		bar := paintRuns(lane.marks(cells, now, span))
		line := fmt.Sprintf("%-*s%s %s", nameWidth, lane.Name, bar, t.result(i))
		lines = append(lines, strings.TrimRight(line, " "))
	}
	end := human.Duration(span)
	axis := fmt.Sprintf("%*s%-*s%s", nameWidth, "", cells-len(end), "0s", end)
	return append(lines, paint(AwaitsTurn, axis)) // as pale as that
}

var ordinals = []string{"", "1st", "2nd", "3rd"}

// result is what follows a lane.
func (t Timeline) result(client int) string {
	waited, ok := t.Lanes[client].Waited()
	if !ok {
		return ""
	}
	return ordinals[t.Place(client)] + " " + human.Duration(waited)
}

// marks returns a mark for each cell and one more.
func (l Lane) marks(cells int, now, span time.Duration) []Mark {
	marks := make([]Mark, cells+1)
	for i := range marks {
		marks[i] = NotConnected
	}
	column := func(stage script.Stage) int {
		at, ok := l.At(stage)
		if !ok {
			at = now
		}
		return min(int(at*time.Duration(cells)/span), cells)
	}
	// An answer may take less than a cell, and yet it has to be seen.
	asked := min(column(script.Asked), cells-1)
	answered := max(column(script.Answered), asked+1)
	fill := func(mark Mark, stage script.Stage, from, to int) {
		if _, ok := l.At(stage); ok {
			for i := from; i < to; i++ {
				marks[i] = mark
			}
		}
	}
	fill(AwaitsStar, script.Connected, column(script.Connected), asked)
	fill(AwaitsTurn, script.Greeted, column(script.Greeted), asked)
	fill(AwaitsReply, script.Asked, asked, answered)
	fill(HasReply, script.Answered, answered, answered+1)
	return marks
}

// paintRuns paints neighbours of one kind together.
func paintRuns(marks []Mark) string {
	var b strings.Builder
	for len(marks) > 0 {
		n := 1
		for n < len(marks) && marks[n] == marks[0] {
			n++
		}
		b.WriteString(paint(marks[0], strings.Repeat(string(marks[0]), n)))
		marks = marks[n:]
	}
	return b.String()
}
