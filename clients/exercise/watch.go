package main

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"example.com/concurrent-network-server/clients/exercise/hole"
)

// settle is how long a folder has to be quiet after a change: an editor that saves a file
// may write it in several steps.
const settle = 100 * time.Millisecond

// watch checks at each save, until the reader has enough.
func (a *app) watch(ctx context.Context, o options) error {
	e, dir, err := a.copy(o)
	if err != nil {
		return err
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer watcher.Close()
	if err := addFolders(watcher, dir); err != nil {
		return err
	}
	for ctx.Err() == nil {
		if err := a.checkUntilSave(ctx, watcher, e, dir); err != nil {
			return err
		}
	}
	a.screen.Print("")
	return nil
}

// addFolders watches a folder and all that are in it.
func addFolders(watcher *fsnotify.Watcher, dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			return watcher.Add(path)
		}
		return err
	})
}

// checkUntilSave checks, and returns when something has been saved: also in the middle of
// the check, which is of no interest any more.
func (a *app) checkUntilSave(ctx context.Context, watcher *fsnotify.Watcher, e hole.Exercise, dir string) error {
	ctx, cancel := context.WithCancel(ctx)
	var checking sync.WaitGroup
	defer checking.Wait()
	defer cancel()
	failed := make(chan error, 1)
	checking.Go(func() {
		a.screen.Clear()
		err := a.checkIn(ctx, e, dir)
		switch {
		case err == nil || errors.Is(err, errNotYet):
			a.screen.Print("", "Watching "+a.path(dir)+". Ctrl-C ends it.")
		case ctx.Err() == nil:
			failed <- err
		}
	})
	var quiet <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-failed:
			return err
		case err := <-watcher.Errors:
			return err
		case event := <-watcher.Events:
			if filepath.Ext(event.Name) == ".go" && !event.Has(fsnotify.Chmod) {
				quiet = time.After(settle)
			}
		case <-quiet:
			return nil
		}
	}
}
