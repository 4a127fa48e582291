package exercise

import (
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
		o := a.hung(out.stderr)
		o.Test = name
		if name == "" {
			o.Test = running(out.stdout)
		}
		return o
	case panics.MatchString(out.stderr):
		message, frames := a.panicked(panics.FindString(out.stderr))
		if name == "" {
			name = running(out.stdout)
		}
		return Outcome{name, Panicked, message, frames}
	case out.status != 0 && strings.Contains(out.stdout, "--- FAIL: "):
		failed, message := firstFailure(out.stdout)
		if name == "" {
			name = failed
		}
		return Outcome{Test: name, State: Failed, Message: message}
	case out.status != 0:
		return Outcome{Test: name, State: Vanished, Message: lastLine(out.stderr)}
	case name == "":
		return Outcome{State: Passed}
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
	frame    = regexp.MustCompile(`^=== (RUN|CONT|NAME|PAUSE) +(.*)`)
	location = regexp.MustCompile(`^\s+\w+\.go:\d+: `)
	labels   = regexp.MustCompile(`^\s+(Error Trace|Test|Error|Messages):\s`)
)

// firstFailure returns the first message of a test that fails, without go test's noise,
// and the test's name.
func firstFailure(stdout string) (test, message string) {
	var name string
	messages := map[string]string{}
	failed := map[string]bool{}
	var order []string
	for line := range strings.Lines(stdout) {
		line = strings.TrimRight(line, "\r\n")
		if match := frame.FindStringSubmatch(line); match != nil {
			name = match[2]
			continue
		}
		if match := verdict.FindStringSubmatch(line); match != nil {
			failed[match[2]] = match[1] == "FAIL"
			continue
		}
		if line == "FAIL" || line == "PASS" {
			break
		}
		if location.MatchString(line) && messages[name] == "" {
			order = append(order, name)
		} else if location.MatchString(line) {
			name = "" // a second message
		}
		if name != "" && slices.Contains(order, name) {
			messages[name] += line + "\n"
		}
	}
	for _, name := range order {
		if failed[name] {
			return name, plain(messages[name])
		}
	}
	match := regexp.MustCompile(`--- FAIL: (\S+)`).FindStringSubmatch(stdout)
	return match[1], "it fails without a message"
}

// plain drops what testify says beside the message: where, and in which test.
func plain(message string) string {
	var lines []string
	drop := false
	for line := range strings.Lines(message) {
		label := labels.FindStringSubmatch(line)
		if label != nil {
			drop = label[1] == "Error Trace" || label[1] == "Test"
			line = strings.Replace(line, label[1]+":", "", 1)
		}
		if !drop {
			lines = append(lines, strings.TrimRight(line, " \t\r\n"))
		}
	}
	return strings.Join(undent(lines), "\n")
}

// undent removes empty lines, and the white space that the others begin with.
func undent(lines []string) []string {
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.TrimSpace(line) == "" })
	if len(lines) > 0 {
		lines[0] = strings.TrimSpace(lines[0])
	}
	rest := lines[min(1, len(lines)):]
	for len(rest) > 0 && !slices.ContainsFunc(rest, func(line string) bool { return line[0] != ' ' && line[0] != '\t' }) {
		for i := range rest {
			rest[i] = rest[i][1:]
		}
	}
	return lines
}
