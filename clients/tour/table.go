package main

import (
	"fmt"
	"strings"

	"example.com/concurrent-network-server/clients/internal/human"
	"example.com/concurrent-network-server/clients/internal/terminal"
)

var short = strings.NewReplacer("LongPrime", "Long", "SmallPrime", "Small")

// table returns the plot of the book: who is answered first in which chapter, and how
// long Echo waits for it. It is less than 50 columns wide.
func table(stops []stop) []string {
	lines := []string{terminal.Bold(tableLine("chapter", "answered", "Echo"))}
	for _, s := range stops {
		order, echo := "-", "-"
		if s.missing == "" {
			order = short.Replace(strings.Join(s.timeline.Finishers(), ", "))
			waited, _ := s.timeline.Lanes[1].Waited()
			echo = human.Duration(waited)
		}
		lines = append(lines, tableLine(s.chapter.String(), order, echo))
	}
	return lines
}

func tableLine(chapter, order, echo string) string {
	return fmt.Sprintf("%-23s %-18s%s", chapter, order, echo)
}
