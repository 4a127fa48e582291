package hole

import (
	"fmt"
	"regexp"
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
		state, _, _ := strings.Cut(strings.TrimSuffix(listing[head[2]:head[3]], " (durable)"), ",")
		all = append(all, goroutine{state, a.frames(listing[head[1]:end])})
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

// hung says which goroutine of the attempt hangs: the one that runs, if one does.
func (a *Attempt) hung(listing string) Outcome {
	var found goroutine
	for _, g := range a.goroutines(listing) {
		if len(g.frames) > 0 && (len(found.frames) == 0 || isBusy(g) && !isBusy(found)) {
			found = g
		}
	}
	if len(found.frames) == 0 {
		return Outcome{State: Hung, Message: "none of its goroutines is in your code: something that a test waits for does not happen"}
	}
	message := fmt.Sprintf("it waits in %s (%s)", found.frames[0].Function, found.state)
	if isBusy(found) {
		message = fmt.Sprintf("it runs and runs in %s", found.frames[0].Function)
	}
	return Outcome{State: Hung, Message: message, Frames: found.top()}
}

func isBusy(g goroutine) bool { return strings.HasPrefix(g.state, "runn") } // running, runnable

// top returns the frames that are shown.
func (g goroutine) top() []Frame { return g.frames[:min(3, len(g.frames))] }

// panicked returns what a panic says, and where it began. A deadlock that Go finds is one
// too.
func (a *Attempt) panicked(text string) Outcome {
	message, _, _ := strings.Cut(text, "\n")
	message, _, _ = strings.Cut(message, " [recovered")
	o := Outcome{State: Panicked, Message: message}
	isDeadlock := strings.Contains(message, "deadlock")
	if isDeadlock {
		o.State = Hung
	}
	for _, g := range a.goroutines(text) {
		if len(g.frames) == 0 {
			continue
		}
		if isDeadlock {
			o.Message = fmt.Sprintf("deadlock: it waits in %s (%s)", g.frames[0].Function, g.state)
		}
		o.Frames = g.top()
		break
	}
	return o
}
