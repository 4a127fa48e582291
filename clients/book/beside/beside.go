// Package beside lets a reader write beside the text: a page of the book follows his copy of an
// exercise, and says at each save what is still wrong. The copy and the checks are those of the
// program exercise; what is solved in one is solved in the other.
package beside

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"example.com/concurrent-network-server/clients/book/site"
	"example.com/concurrent-network-server/clients/exercise/desk"
	"example.com/concurrent-network-server/clients/exercise/hole"
)

// linger is how long a copy is followed after the last page has gone: a reader whose editor hides the
// page comes back to a result.
const linger = time.Minute

// A Handler answers requests for /desk/.... Whoever has them answered has seen to it that they come
// from the reader.
type Handler struct {
	desk      *desk.Desk
	mux       *http.ServeMux
	followers map[string]*follower // by the exercise's id
	starting  sync.Mutex

	ctx     context.Context
	cancel  context.CancelFunc
	closing sync.Mutex
	work    sync.WaitGroup
}

// New returns a handler for a desk.
func New(d *desk.Desk) *Handler {
	h := &Handler{desk: d, mux: http.NewServeMux(), followers: map[string]*follower{}}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	for _, e := range d.Exercises {
		h.followers[e.ID] = &follower{h: h, e: e, check: d.Check, linger: linger, changed: make(chan struct{})}
	}
	h.mux.HandleFunc("GET /desk/events", h.list)
	h.mux.HandleFunc("GET /desk/{id}/events", h.of((*follower).events))
	h.mux.HandleFunc("GET /desk/{id}/solution", h.of((*follower).solution))
	h.mux.HandleFunc("POST /desk/{id}/start", h.of((*follower).start))
	h.mux.HandleFunc("POST /desk/{id}/open", h.of((*follower).open))
	h.mux.HandleFunc("POST /desk/{id}/hint", h.of((*follower).hint))
	return h
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// Close ends all checks, and waits until nothing is left of them.
func (h *Handler) Close() {
	h.closing.Lock()
	h.cancel()
	h.closing.Unlock()
	h.work.Wait()
}

// begin begins some work, unless the handler has been closed.
func (h *Handler) begin(work func()) {
	h.closing.Lock()
	defer h.closing.Unlock()
	if h.ctx.Err() == nil {
		h.work.Go(work)
	}
}

// of returns a handler that finds the exercise for another one, and tells what has gone wrong there.
func (h *Handler) of(handle func(*follower, http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f := h.followers[r.PathValue("id")]
		if f == nil {
			http.Error(w, "There is no such exercise.", http.StatusNotFound)
		} else if err := handle(f, w, r); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}
}

// start makes a copy. If there is one, the page has to ask first.
func (f *follower) start(w http.ResponseWriter, r *http.Request) error {
	f.h.starting.Lock()
	defer f.h.starting.Unlock()
	dir, aside, err := f.h.desk.Start(f.e, "", r.FormValue("again") != "")
	if errors.Is(err, desk.ErrThere) {
		http.Error(w, fmt.Sprintf("%s %v.", f.h.shown(dir), err), http.StatusConflict)
		return nil
	} else if err != nil {
		return err
	}
	if aside != "" {
		aside = f.h.shown(aside)
	}
	return json.NewEncoder(w).Encode(map[string]string{"aside": aside})
}

// hint notes that the next hint has been given, unless this one has been.
func (f *follower) hint(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.Atoi(r.FormValue("n"))
	if err != nil || n < 1 || n > len(f.e.Hints) {
		http.Error(w, "There is no such hint.", http.StatusBadRequest)
		return nil
	}
	_, err = f.h.desk.Change(func(p *hole.Progress) { p.Hints[f.e.ID] = max(p.Hints[f.e.ID], n) })
	return err
}

// open hands a place of the copy to the reader's editor. If there is none with a window, the answer
// is the path.
func (f *follower) open(w http.ResponseWriter, r *http.Request) error {
	dir, _, err := f.place()
	if err != nil {
		return err
	}
	views, err := f.e.Views(dir)
	path, line := dir, 0
	if n, bad := strconv.Atoi(r.FormValue("place")); bad == nil && n >= 0 && n < len(views) {
		path, line = filepath.Join(dir, views[n].File), views[n].Line
	}
	if err != nil || !desk.IsCopy(dir) {
		http.Error(w, "There is no copy to open: start one.", http.StatusConflict)
		return nil
	}
	name, err := openEditor(path, line)
	if line > 0 {
		path += fmt.Sprintf(":%d", line)
	}
	answer := map[string]string{"editor": name, "path": path}
	if err != nil {
		answer["problem"] = err.Error()
	}
	return json.NewEncoder(w).Encode(answer)
}

// solution answers with the reader's version and the book's side by side, when it's solved.
func (f *follower) solution(w http.ResponseWriter, r *http.Request) error {
	dir, p, err := f.place()
	if err != nil {
		return err
	}
	if !p.Solved[f.e.ID] {
		http.Error(w, "Not solved yet. To see it all the same: go run ./clients/exercise solution "+f.e.ID, http.StatusForbidden)
		return nil
	}
	files, err := desk.Solution(f.e, dir)
	if err != nil {
		return err
	}
	own, book := map[string]string{}, map[string]string{}
	for _, file := range files {
		if file.IsOwn {
			own[file.Name] = file.Own
		}
		book[file.Name] = file.Book
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return site.WriteBeside(w, own, book)
}

// place returns where the copy is, and what has been done.
func (f *follower) place() (dir string, p *hole.Progress, err error) {
	if p, err = f.h.desk.Progress(); err != nil {
		return "", nil, err
	}
	return f.h.desk.Dir(f.e, p), p, nil
}

// shown returns a path as it is shown: short, if it is in the workbook.
func (h *Handler) shown(path string) string {
	if local, err := filepath.Rel(h.desk.Root, path); err == nil && filepath.IsLocal(local) {
		return filepath.ToSlash(local)
	}
	return path
}
