package main

import (
	"context"
	"fmt"
)

// hint shows the next hint. After the last it shows that again.
func (a *app) hint(_ context.Context, o options) error {
	e, err := a.one(o)
	if err != nil {
		return err
	}
	n, err := a.desk.Hint(e)
	if err != nil {
		return err
	}
	a.screen.Print(fmt.Sprintf("Hint %d of %d for %s, %s:", n, len(e.Hints), e.ID, e.Title), "")
	a.paragraph(e.Hints[n-1])
	if n == len(e.Hints) {
		a.screen.Print("That is the last one. The book's code: " + a.goRun() + " solution " + e.ID)
	}
	return nil
}
