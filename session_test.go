package workbook

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// A session plays the transcripts of a README from top to bottom: a server, and the
// clients that talk to it.
type session struct {
	dir        string // the README's folder
	bin        string // an absolute path for the server's program
	server     *process
	port       string
	quoted     int // how many lines of the server's log have been compared
	background []*process
}

// play runs a block and compares what is printed.
func (s *session) play(b block) error {
	if err := b.check(); err != nil {
		return err
	}
	switch b.words[1] {
	case "server":
		return s.serve(b.steps()[0])
	case "log":
		return s.log(b.lines)
	case "client":
		if s.server == nil {
			return fmt.Errorf("no server is running: show it in a block ```console server")
		}
		return s.run(b.steps(), s.withPort)
	case "test":
		return s.run(b.steps(), func(command string) string { return command })
	}
	return nil // a file
}

var listening = regexp.MustCompile(`listening.*127\.0\.0\.1:(\d+)`)

// serve starts the server on a free port, in place of the one before.
func (s *session) serve(step step) error {
	if err := s.close(); err != nil {
		return err
	}
	dir := s.dir
	if rest, ok := strings.CutPrefix(step.command, "cd "); ok {
		rest, _, _ = strings.Cut(rest, " &&")
		dir = filepath.Join(dir, rest)
	}
	build := exec.Command("go", "build", "-o", s.bin, ".")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w\n%s", build, err, out)
	}
	// With exec, the shell becomes the server, which then gets the signals.
	program := fmt.Sprintf("exec '%s' -addr 127.0.0.1:0", s.bin)
	p, err := start(s.dir, strings.Replace(step.command, "go run .", program, 1))
	if err != nil {
		return err
	}
	p.waitFor(1)
	match := listening.FindStringSubmatch(p.out.String())
	if match == nil {
		p.end(syscall.SIGKILL)
		return fmt.Errorf("the server does not say where it listens, but:\n%s", &p.out)
	}
	s.server, s.port, s.quoted = p, match[1], 0
	return s.log(step.output)
}

// log compares the next lines that the server prints. ^C interrupts it before.
func (s *session) log(lines []string) error {
	if s.server == nil {
		return fmt.Errorf("no server is running")
	}
	lines, interrupt := withoutInterrupt(lines)
	if interrupt {
		signalGroup(s.server.cmd, syscall.SIGINT)
	}
	s.server.waitFor(s.quoted + len(lines))
	got := s.server.out.lines()[s.quoted:]
	got = got[:min(len(got), len(lines))]
	s.quoted += len(got)
	return compare(lines, got)
}

// withoutInterrupt drops the ^C that a terminal shows when the user presses it.
func withoutInterrupt(lines []string) ([]string, bool) {
	var rest []string
	interrupt := false
	for _, line := range lines {
		text, found := strings.CutPrefix(line, "^C")
		interrupt = interrupt || found
		if !found || text != "" {
			rest = append(rest, text)
		}
	}
	return rest, interrupt
}

// Clients, and where their commands take the address of the server.
var (
	script  = regexp.MustCompile(`(simple_test_client\.py)( 127\.0\.0\.1( \d+)?)?`)
	program = regexp.MustCompile(`go run (\S*\btalk|\S*\bidle|\.)( |$)`)
)

// withPort makes a client's command talk to the server of the session.
func (s *session) withPort(command string) string {
	command = script.ReplaceAllString(command, "$1 127.0.0.1 "+s.port)
	command = program.ReplaceAllString(command, "go run $1 -addr 127.0.0.1:"+s.port+"$2")
	return strings.ReplaceAll(command, "7878", s.port)
}

// jobNotice is what an interactive shell says about a job in the background.
var jobNotice = regexp.MustCompile(`^\[\d+\]`)

// run runs the commands one after another.
func (s *session) run(steps []step, change func(string) string) error {
	for _, step := range steps {
		lines, interrupt := withoutInterrupt(step.output)
		var want []string
		for _, line := range lines {
			if !jobNotice.MatchString(line) {
				want = append(want, line)
			}
		}
		command, background := strings.CutSuffix(change(step.command), "&")
		got, err := s.step(command, background, interrupt, len(want))
		if err == nil {
			err = compare(want, got)
		}
		if err != nil {
			return fmt.Errorf("$ %s: %w", step.command, err)
		}
	}
	return nil
}

// step runs a command and returns what it prints. In the background, it has to print
// only so many lines; otherwise it has to end, when it is interrupted or by itself.
func (s *session) step(command string, background, interrupt bool, lines int) ([]string, error) {
	var job int
	if _, err := fmt.Sscanf(command, "kill %%%d", &job); err == nil {
		if job < 1 || job > len(s.background) {
			return nil, fmt.Errorf("no such job")
		}
		return nil, s.background[job-1].end(syscall.SIGTERM)
	}
	p, err := start(s.dir, command)
	if err != nil {
		return nil, err
	}
	if background {
		s.background = append(s.background, p)
		p.waitFor(lines)
		return p.out.lines(), nil
	}
	if interrupt {
		if p.wait(3 * time.Second) {
			return nil, fmt.Errorf("it ended before it could be interrupted, and printed:\n%s", &p.out)
		}
		err = p.end(syscall.SIGINT)
	} else if !p.wait(2 * time.Minute) {
		err = errors.Join(errors.New("it does not end"), p.end(syscall.SIGKILL))
	}
	return strings.Split(strings.TrimSuffix(p.out.String(), "\n"), "\n"), err
}

// close ends the programs in the background and then the server, which must end well.
func (s *session) close() error {
	var problems []error
	for _, p := range s.background {
		problems = append(problems, p.end(syscall.SIGTERM))
	}
	s.background = nil
	if s.server != nil {
		problems = append(problems, s.server.end(syscall.SIGINT), s.server.err)
	}
	s.server = nil
	return errors.Join(problems...)
}

func TestWithPort(t *testing.T) {
	s := &session{port: "41234"}
	tests := []struct{ command, want string }{
		{"python3 ../clients/simple_test_client.py", "python3 ../clients/simple_test_client.py 127.0.0.1 41234"},
		{"time python3 simple_test_client.py 127.0.0.1 7878", "time python3 simple_test_client.py 127.0.0.1 41234"},
		{"go run ../clients/talk '^a$'", "go run ../clients/talk -addr 127.0.0.1:41234 '^a$'"},
		{"go run ./talk", "go run ./talk -addr 127.0.0.1:41234"},
		{"go run clients/idle -n 4 &", "go run clients/idle -addr 127.0.0.1:41234 -n 4 &"},
		{"go run .", "go run . -addr 127.0.0.1:41234"},
		{"printf '^a$' | nc 127.0.0.1 7878", "printf '^a$' | nc 127.0.0.1 41234"},
		{"go run ./talkative", "go run ./talkative"},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, s.withPort(test.command))
	}
}
