package hole

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// A State is how a test has ended.
type State int

const (
	Passed State = iota
	Failed
	Skipped // this system lacks something
	Panicked
	Hung
	Vanished // the process has ended without a word about the test
)

func (s State) String() string {
	return [...]string{"passes", "fails", "is skipped", "panics", "hangs", "ends the process"}[s]
}

// An Outcome is what there is to say about a test.
type Outcome struct {
	Test  string
	State State
	// Message is that of the first failure, or of a panic, or what a goroutine that hangs
	// waits for.
	Message string
	Frames  []Frame // where the attempt's code was, if it has panicked or hung
	Promise string  // what the test proves, in its author's words, if it is not Passed
}

// Details returns the message, and where the code was.
func (o Outcome) Details() string {
	lines := []string{o.Message}
	for _, f := range o.Frames {
		lines = append(lines, "\t"+f.String())
	}
	return strings.Join(lines, "\n")
}

var (
	verdict = regexp.MustCompile(`(?m)^ *--- (PASS|FAIL|SKIP): (\S+) `)
	panics  = regexp.MustCompile(`(?ms)^(panic: |fatal error: |runtime: goroutine stack exceeds).*`)
)

// outcome says how a test has ended; if it has no name, how all of a process have.
func (a *Attempt) outcome(name, test string, out output) Outcome {
	switch {
	case out.status == limitStatus:
		return a.hung(cmp.Or(name, running(out.stdout)), out.stderr)
	case panics.MatchString(out.stderr):
		return a.panicked(cmp.Or(name, running(out.stdout)), panics.FindString(out.stderr))
	case out.status != 0 && strings.Contains(out.stdout, "--- FAIL: "):
		failed, message := firstFailure(out.stdout)
		return Outcome{Test: cmp.Or(name, failed), State: Failed, Message: message}
	case out.status != 0:
		return Outcome{Test: name, State: Vanished, Message: lastLine(out.stderr)}
	case name == "" && slices.Contains(strings.Fields(out.stdout), "PASS"):
		return Outcome{State: Passed}
	case name == "":
		return Outcome{Test: running(out.stdout), State: Vanished, Message: "the process has ended before its tests"}
	}
	return Outcome{Test: name, State: ended(out.stdout, test)}
}

// ended returns how a process in which nothing failed says that a test has ended.
func ended(stdout, test string) State {
	test = strings.ReplaceAll(test, " ", "_")
	for _, match := range verdict.FindAllStringSubmatch(stdout, -1) {
		if match[2] == test && match[1] == "PASS" {
			return Passed
		}
		if match[2] == test && match[1] == "SKIP" {
			return Skipped
		}
	}
	return Vanished
}

// running returns the test that ran when the process ended: the last that began.
func running(stdout string) string {
	begun := regexp.MustCompile(`(?m)^=== (?:RUN|CONT|NAME) +(\S+)`).FindAllStringSubmatch(stdout, -1)
	if len(begun) == 0 {
		return "a test"
	}
	return begun[len(begun)-1][1]
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

var (
	event    = regexp.MustCompile(`^=== (RUN|CONT|NAME|PAUSE) +(.*)`)
	location = regexp.MustCompile(`^\s+(\w+\.go:\d+): ?(.*)`)
	testify  = regexp.MustCompile(`^\s+\t([A-Z][A-Za-z ]+:)?\s*\t(.*)`)
)

// firstFailure returns the first message of a test that fails, and the test's name.
func firstFailure(stdout string) (test, message string) {
	name := ""
	messages := map[string][]string{} // the lines of each test's first
	var order []string
	for line := range strings.Lines(stdout) {
		line = strings.TrimRight(line, "\r\n")
		if match := event.FindStringSubmatch(line); match != nil {
			name = match[2]
		} else if line == "FAIL" || line == "PASS" || verdict.MatchString(line) {
			name = ""
		} else if isFirst := messages[name] == nil; location.MatchString(line) && !isFirst {
			name = "" // a second message
		} else if name != "" && (location.MatchString(line) || !isFirst) {
			if isFirst {
				order = append(order, name)
			}
			messages[name] = append(messages[name], line)
		}
	}
	for _, name := range order {
		if strings.Contains(stdout, "--- FAIL: "+name+" (") {
			return name, plain(name, messages[name])
		}
	}
	match := regexp.MustCompile(`--- FAIL: (\S+)`).FindStringSubmatch(stdout)
	return match[1], "it fails without a message"
}

// What is shown of a message.
const (
	maxLines = 24
	maxWidth = 160
)

// plain returns a message without go test's noise. What testify calls Messages is in the
// test's own words, so it comes first.
func plain(test string, lines []string) string {
	match := location.FindStringSubmatch(lines[0])
	head := match[1]
	if _, subtest, found := strings.Cut(test, "/"); found {
		head += " (" + strings.ReplaceAll(subtest, "_", " ") + ")"
	}
	head += ": " + match[2]
	var words, rest []string
	label := ""
	for _, line := range lines[1:] {
		match := testify.FindStringSubmatch(line)
		switch {
		case match == nil:
			rest = append(rest, strings.TrimPrefix(line, "        "))
			continue
		case match[1] != "":
			label = match[1]
		}
		switch label {
		case "Messages:":
			words = append(words, match[2])
		case "Error:":
			rest = append(rest, match[2])
		}
	}
	if len(words) > 0 {
		head += words[0]
		words = words[1:]
	}
	return shorten(slices.Concat([]string{strings.TrimSpace(head)}, words, essence(rest)))
}

// essence drops empty lines, and the difference between two lines that can be seen.
func essence(lines []string) []string {
	var kept []string
	long := false
	for _, line := range lines {
		if strings.TrimSpace(line) == "Diff:" && !long {
			break
		}
		long = long || len(line) > maxWidth
		if strings.TrimSpace(line) != "" {
			kept = append(kept, line)
		}
	}
	return kept
}

// shorten cuts what is too long to be read.
func shorten(lines []string) string {
	if len(lines) > maxLines {
		lines = append(lines[:maxLines:maxLines], "...")
	}
	for i, line := range lines {
		if runes := []rune(line); len(runes) > maxWidth {
			lines[i] = string(runes[:maxWidth]) + " ..."
		}
	}
	return strings.Join(lines, "\n")
}
