package hole

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Frame is a line of the attempt's code that was being executed.
type Frame struct{ Place, Function string } // server.go:34, (*Server).Serve

func (f Frame) String() string { return f.Place + "  " + f.Function }

// goroutine is one of those in a listing of stacks.
type goroutine struct {
	state  string // chan receive
	frames []Frame
}

var goroutineHead = regexp.MustCompile(`(?m)^goroutine \d+ (?:gp=\S+ m=\S+ )?(?:mp=\S+ )?\[([^\]]*)\]:$`)

// goroutines returns the goroutines of a listing, with their frames in the attempt's code,
// the tests left out.
func (a *Attempt) goroutines(listing string) []goroutine {
	heads := goroutineHead.FindAllStringSubmatchIndex(listing, -1)
	var all []goroutine
	for i, head := range heads {
		end := len(listing)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		state, _, _ := strings.Cut(listing[head[2]:head[3]], ",")
		all = append(all, goroutine{strings.TrimSuffix(state, " (durable)"), a.frames(listing[head[1]:end])})
	}
	return all
}

// frames reads the pairs of lines of a stack: a function, and a tab with the place.
func (a *Attempt) frames(stack string) []Frame {
	var frames []Frame
	function := ""
	for line := range strings.Lines(stack) {
		place, isPlace := strings.CutPrefix(line, "\t")
		if !isPlace {
			function = strings.TrimSpace(line)
			continue
		}
		local, own := strings.CutPrefix(place, a.module+"/")
		if own && !strings.Contains(local, "_test.go:") && !strings.HasPrefix(function, "created by") {
			frames = append(frames, Frame{strings.Fields(local)[0], shortName(function)})
		}
	}
	return frames
}

// shortName returns the name of a function in a stack, without its package's path and its
// arguments: (*Server).Serve.
func shortName(function string) string {
	function = function[strings.LastIndex(function, "/")+1:]
	_, function, _ = strings.Cut(function, ".")
	if strings.HasSuffix(function, ")") {
		function = function[:strings.LastIndex(function, "(")]
	}
	return function
}

// nothing is what there is to say if no goroutine is in the attempt's code.
const nothing = "something that the test waits for doesn't happen, and none of the goroutines is in your code"

// hung says which goroutine of the attempt hangs.
func (a *Attempt) hung(test, listing string) Outcome {
	found, ok := a.suspect(listing)
	if !ok {
		return Outcome{Test: test, State: Hung, Message: nothing}
	}
	message := fmt.Sprintf("it waits in %s (%s)", found.frames[0].Function, found.state)
	switch {
	case isBusy(found):
		message = fmt.Sprintf("it runs and runs in %s", found.frames[0].Function)
	case !a.isOpen(found):
		message = "something that the test waits for doesn't happen; meanwhile " + message
	}
	return Outcome{Test: test, State: Hung, Message: message, Frames: found.top()}
}

// suspect returns the goroutine that says most about why a test hangs: the first that runs, or else
// the first in a file that the exercise is about, or else the first in any.
func (a *Attempt) suspect(listing string) (found goroutine, ok bool) {
	rank := func(g goroutine) int {
		switch {
		case len(g.frames) == 0:
			return 0
		case isBusy(g):
			return 3
		case a.isOpen(g):
			return 2
		}
		return 1
	}
	for _, g := range a.goroutines(listing) {
		if rank(g) > rank(found) {
			found = g
		}
	}
	return found, len(found.frames) > 0
}

// isOpen reports whether a goroutine is in a file that the exercise is about.
func (a *Attempt) isOpen(g goroutine) bool {
	return slices.ContainsFunc(g.frames, func(f Frame) bool {
		file, _, _ := strings.Cut(f.Place, ":")
		return slices.Contains(a.open, file)
	})
}

func isBusy(g goroutine) bool { return strings.HasPrefix(g.state, "runn") } // running, runnable

// top returns the frames that are shown.
func (g goroutine) top() []Frame { return g.frames[:min(3, len(g.frames))] }

// panicked returns what a panic says, and where it began. A deadlock that Go finds is one
// too.
func (a *Attempt) panicked(test, text string) Outcome {
	message, _, _ := strings.Cut(text, "\n")
	message, _, _ = strings.Cut(message, " [recovered")
	o := Outcome{Test: test, State: Panicked, Message: message}
	if strings.Contains(message, "deadlock") {
		o.State, o.Message = Hung, nothing
		if g, ok := a.suspect(text); ok {
			o.Message, o.Frames = fmt.Sprintf("it waits for ever in %s (%s)", g.frames[0].Function, g.state), g.top()
		}
		return o
	}
	for _, g := range a.goroutines(text) {
		if len(g.frames) > 0 {
			o.Frames = g.top()
			break
		}
	}
	return o
}
