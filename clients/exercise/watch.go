package main

import (
	"context"
	"errors"
	"fmt"

	"example.com/concurrent-network-server/clients/exercise/desk"
)

// watch checks at each save, until the reader has enough.
func (a *app) watch(ctx context.Context, o options) error {
	e, dir, err := a.copy(o)
	if err != nil {
		return err
	}
	err = desk.Watch(ctx, func() string { return dir }, func(ctx context.Context, dir, stamp string) error {
		if stamp == "" {
			return fmt.Errorf("the working copy in %s is gone", a.path(dir))
		}
		a.screen.Clear()
		if err := a.checkIn(ctx, e, dir); err != nil && !errors.Is(err, errNotYet) {
			return err
		}
		a.screen.Print("", "Watching "+a.path(dir)+". Ctrl-C ends it.")
		return nil
	})
	if err == nil {
		a.screen.Print("")
	}
	return err
}
