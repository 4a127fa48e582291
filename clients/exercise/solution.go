package main

import (
	"bufio"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"example.com/concurrent-network-server/clients/exercise/hole"
	"example.com/concurrent-network-server/clients/internal/diff"
	"example.com/concurrent-network-server/clients/internal/terminal"
)

// solution shows the way from where the exercise begins to what the book has.
func (a *app) solution(_ context.Context, o options) error {
	e, err := a.one(o)
	if err != nil {
		return err
	}
	solved := a.progress.Solved[e.ID]
	if !solved && !o.yes && !a.ask("You have not solved "+e.ID+" yet. Show what the book has? [y/N]") {
		return nil
	}
	begin, err := e.Hole()
	if err != nil {
		return err
	}
	book, err := e.Solution()
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(book)) {
		before, err := e.Before(name, begin)
		if err != nil {
			return err
		}
		a.showDiff(name, before, book[name])
		if solved {
			if err := a.compare(e, o, name, book[name]); err != nil {
				return err
			}
		}
	}
	return nil
}

// ask asks a question. Nothing is no.
func (a *app) ask(question string) bool {
	a.screen.Print(question)
	answer, _ := bufio.NewReader(a.in).ReadString('\n')
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}

// showDiff shows what the solution changes in a file.
func (a *app) showDiff(name, before, book string) {
	text := diff.Unified(filepath.ToSlash(name), before, book)
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = terminal.PaintDiff(line)
	}
	a.screen.Print(lines...)
}

// compare shows the reader's file beside the book's, if it is still there.
func (a *app) compare(e hole.Exercise, o options, name, book string) error {
	dir, err := a.dir(e, o)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil // it has been deleted, or moved
	}
	own, err := e.Filled(name, strings.ReplaceAll(string(text), "\r\n", "\n"))
	if err != nil {
		return err
	}
	if own == book {
		a.screen.Print("", "Your "+name+" is the book's, to the byte.")
		return nil
	}
	rows := hole.SideBySide(own, book, a.screen.Width())
	a.screen.Print("", terminal.Bold("Your "+name+" on the left, the book's on the right:"))
	a.screen.Print(rows...)
	return nil
}
