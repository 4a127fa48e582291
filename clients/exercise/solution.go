package main

import (
	"bufio"
	"context"
	"strings"

	"example.com/concurrent-network-server/clients/exercise/desk"
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
	dir, err := a.dir(e, o)
	if err != nil {
		return err
	}
	files, err := desk.Solution(e, dir)
	if err != nil {
		return err
	}
	for _, f := range files {
		a.showDiff(f)
		if solved && f.IsOwn {
			a.compare(f)
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
func (a *app) showDiff(f desk.File) {
	text := diff.Unified(f.Name, f.Before, f.Book)
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = terminal.PaintDiff(line)
	}
	a.screen.Print(lines...)
}

// compare shows the reader's file beside the book's.
func (a *app) compare(f desk.File) {
	if f.Own == f.Book {
		a.screen.Print("", "Your "+f.Name+" is the book's, to the byte.")
		return
	}
	rows := hole.SideBySide(f.Own, f.Book, a.screen.Width())
	a.screen.Print("", terminal.Bold("Your "+f.Name+" on the left, the book's on the right:"))
	a.screen.Print(rows...)
}
