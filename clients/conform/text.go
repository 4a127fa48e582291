package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"example.com/concurrent-network-server/clients/conform/engine"
	"example.com/concurrent-network-server/clients/internal/human"
	"example.com/concurrent-network-server/clients/internal/terminal"
)

// A textReporter writes for people: a line for each group, and all about each failure.
type textReporter struct {
	screen  *terminal.Screen
	verbose bool

	begun                time.Time
	cases, tried         int
	broken, skipped      int
	groupBroken, inGroup int
	notes                []string // why cases were skipped
	blank                bool     // whether the last line is
}

func (t *textReporter) begin(s *engine.Server, cases int) {
	t.begun, t.cases = time.Now(), cases
	t.screen.Print(s.Text()...)
	t.screen.Print("")
	t.blank = true
}

func (t *textReporter) try(g engine.Group, c engine.Case) {
	t.screen.Redraw([]string{fmt.Sprintf("%d of %d: %s/%s", t.tried+1, t.cases, g.Name, c.Name)})
}

func (t *textReporter) result(r engine.Result) {
	t.tried++
	t.inGroup++
	switch {
	case r.Failure != nil:
		t.broken++
		t.groupBroken++
		t.fail(r)
	case r.Skipped != "":
		t.skipped++
		t.notes = append(t.notes, fmt.Sprintf("not tried: %s: %s", r.Name(), r.Skipped))
	}
	if t.verbose {
		t.screen.Print(fmt.Sprintf("  %s  %s", r.Name(), human.Duration(r.Elapsed)))
		t.screen.Print(indented(r.Talk())...)
	}
}

func (t *textReporter) fail(r engine.Result) {
	if !t.blank {
		t.screen.Print("")
	}
	t.blank = true
	t.screen.Print(terminal.Failed("broken: " + r.Name()))
	t.screen.Print(terminal.Wrap("  "+cmp.Or(r.Failure.Rule, r.Group.Rule), t.screen.Width())...)
	t.screen.Print(indented(r.Failure.Text())...)
	t.screen.Print("")
}

// indented moves lines to the right.
func indented(lines []string) []string {
	moved := make([]string, len(lines))
	for i, line := range lines {
		moved[i] = "    " + line
	}
	return moved
}

func (t *textReporter) endGroup(g engine.Group) {
	if t.inGroup == 0 {
		return
	}
	word, of := "kept  ", ""
	if t.groupBroken > 0 {
		word, of = terminal.Failed("broken"), fmt.Sprintf("%d of ", t.groupBroken)
	}
	t.screen.Print(fmt.Sprintf("%s  %-10s  %s%s", word, g.Name, of, counted(t.inGroup, "case")))
	t.groupBroken, t.inGroup, t.blank = 0, 0, false
}

func (t *textReporter) end(left []engine.Result) {
	t.screen.Print("")
	t.screen.Print(t.notes...)
	for _, reason := range reasons(left) {
		t.screen.Print(terminal.Wrap(reason, t.screen.Width())...)
	}
	if len(t.notes)+len(left) > 0 {
		t.screen.Print("")
	}
	summary := fmt.Sprintf("%d kept, %d broken", t.tried-t.broken-t.skipped, t.broken)
	if n := t.skipped + len(left); n > 0 {
		summary += fmt.Sprintf(", %d not tried", n)
	}
	t.screen.Print(fmt.Sprintf("%s, in %s", summary, human.Duration(time.Since(t.begun))))
}

// reasons says for each reason what is left out, as group/name, name; group/name.
func reasons(left []engine.Result) []string {
	slices.SortStableFunc(left, func(a, b engine.Result) int { return cmp.Compare(a.Skipped, b.Skipped) })
	var all []string
	for i, r := range left {
		switch {
		case i == 0 || r.Skipped != left[i-1].Skipped:
			all = append(all, fmt.Sprintf("not tried, because %s: %s", r.Skipped, r.Name()))
		case r.Group.Name != left[i-1].Group.Name:
			all[len(all)-1] += "; " + r.Name()
		default:
			all[len(all)-1] += ", " + r.Case.Name
		}
	}
	return all
}

func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// list shows the cases.
func list(groups []engine.Group) []string {
	var lines []string
	for i, g := range groups {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, g.Rule)
		for _, c := range g.Cases {
			line := "  " + g.Name + "/" + c.Name
			if c.Slow {
				line += "  (slow)"
			}
			if c.Process {
				line += "  (with -pid)"
			}
			lines = append(lines, line)
		}
	}
	return lines
}
