package proofread

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/markdown"
)

// A Session plays the transcripts of a README from top to bottom: a server, and the
// clients that talk to it.
type Session struct {
	dir        string // the README's folder
	programs   *Programs
	server     *process
	port       string
	quoted     int // how many lines of the server's log have been compared
	background []process
}

// Play runs a block and compares what is printed.
func (s *Session) Play(b *markdown.Block) error {
	if err := check(b); err != nil {
		return err
	}
	t := b.Content.(*markdown.Transcript)
	switch t.Terminal {
	case "server":
		return s.serve(t.Steps[0])
	case "log":
		return s.log(b.Lines())
	case "client":
		if s.server == nil {
			return fmt.Errorf("no server is running: show it in a block ```console server")
		}
		return s.run(t.Steps, s.client)
	case "test":
		return s.run(t.Steps, func(command string) (string, error) { return command, nil })
	}
	return nil // a file
}

var serverRun = regexp.MustCompile(`go run (\.\S*)`)

// serve starts the server on a free port, in place of the one before.
func (s *Session) serve(step markdown.Step) error {
	if err := s.Close(); err != nil {
		return err
	}
	dir := s.dir
	if rest, ok := strings.CutPrefix(step.Command, "cd "); ok {
		rest, _, _ = strings.Cut(rest, " &&")
		dir = filepath.Join(dir, rest)
	}
	run := serverRun.FindStringSubmatch(step.Command)
	program, err := s.programs.build(filepath.Join(dir, run[1]))
	if err != nil {
		return err
	}
	// With exec, the shell becomes the server, which then gets the signals.
	exec := fmt.Sprintf("exec '%s' -addr 127.0.0.1:0", program)
	cmd := shell(s.dir, strings.Replace(step.Command, run[0], exec, 1))
	server, err := chapters.StartCmd(context.Background(), cmd, longest)
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(server.Addr)
	s.server, s.port, s.quoted = &process{server.Process}, port, 0
	return errors.Join(err, s.log(step.Output))
}

// log compares the next lines that the server prints; after a ^C, which interrupts the
// server, all that are left.
func (s *Session) log(lines []string) error {
	p := s.server
	if p == nil {
		return fmt.Errorf("no server is running")
	}
	if before, after, found := cutInterrupt(lines); found {
		s.server = nil
		if err := p.end(syscall.SIGINT); err != nil {
			return err
		}
		got := p.lines()[s.quoted:]
		if p.State() != ended {
			got = append(got, p.State()) // go run prints it
		}
		return compare(slices.Concat(before, after), got)
	}
	p.waitFor(func() bool { return len(p.lines()) >= s.quoted+len(lines) })
	got := p.lines()[s.quoted:]
	got = got[:min(len(got), len(lines))]
	s.quoted += len(got)
	return compare(lines, got)
}

// ended is how a server ends well.
const ended = "exit status 0"

// cutInterrupt cuts the lines at the ^C that a terminal shows when the user presses it.
func cutInterrupt(lines []string) (before, after []string, found bool) {
	i := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "^C") })
	if i < 0 {
		return lines, nil, false
	}
	after = lines[i+1:]
	if text := strings.TrimPrefix(lines[i], "^C"); text != "" {
		after = slices.Concat([]string{text}, after)
	}
	return lines[:i], after, true
}

// What has to be changed in a client's command.
var (
	port    = regexp.MustCompile(`\b7878\b`)
	script  = regexp.MustCompile(`(\S*simple_test_client\.py)( 127\.0\.0\.1( \d+)?)?`)
	program = regexp.MustCompile(`go run (\S*\b(?:talk|idle|replay|conform)|\.)( |$)`)
)

// client makes a client's command talk to the server of the session, go run run what
// is built, and Python a script that takes less time.
func (s *Session) client(command string) (string, error) {
	command = s.withPort(command)
	if match := script.FindStringSubmatch(command); match != nil {
		path, err := s.programs.shorten(filepath.Join(s.dir, match[1]))
		return strings.Replace(command, match[1], "'"+path+"'", 1), err
	}
	match := program.FindStringSubmatch(command)
	if match == nil {
		return command, nil
	}
	path, err := s.programs.build(filepath.Join(s.dir, match[1]))
	return program.ReplaceAllString(command, "go_run '"+path+"'$2"), err
}

func (s *Session) withPort(command string) string {
	command = port.ReplaceAllString(command, s.port)
	command = script.ReplaceAllString(command, "$1 127.0.0.1 "+s.port)
	return program.ReplaceAllString(command, "go run $1 -addr 127.0.0.1:"+s.port+"$2")
}

// run runs the commands one after another.
func (s *Session) run(steps []markdown.Step, change func(string) (string, error)) error {
	for _, step := range steps {
		command, err := change(step.Command)
		if err == nil {
			err = s.step(command, step.Output)
		}
		if err != nil {
			return fmt.Errorf("$ %s: %w", step.Command, err)
		}
	}
	return nil
}

// step runs a command and compares what it prints. A command in the background goes on
// when it has printed what the transcript shows; others end, some by a ^C.
func (s *Session) step(command string, shown []string) error {
	before, after, interrupt := cutInterrupt(withoutNotices(shown))
	want := slices.Concat(before, after)
	if job, ok := strings.CutPrefix(command, "kill %"); ok {
		return s.kill(job)
	}
	command, background := strings.CutSuffix(command, "&")
	p, err := start(s.dir, command)
	if err != nil {
		return err
	}
	switch {
	case background:
		s.background = append(s.background, p)
		p.waitFor(func() bool { return len(p.lines()) >= len(want) })
		return compare(want, p.lines())
	case interrupt:
		err = p.interrupt(func() bool { return compare(before, p.all()) == nil })
	default:
		err = p.finish()
	}
	if err != nil {
		return err
	}
	return compare(want, p.all())
}

// withoutNotices drops what an interactive shell says about its jobs, such as [1] 4711.
func withoutNotices(lines []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), jobNotice.MatchString)
}

var jobNotice = regexp.MustCompile(`^\[\d+\]`)

func (s *Session) kill(job string) error {
	n, err := strconv.Atoi(job)
	if err != nil || n < 1 || n > len(s.background) {
		return fmt.Errorf("no such job")
	}
	return s.background[n-1].end(syscall.SIGTERM)
}

// Close ends the programs in the background and then the server, which must end well.
func (s *Session) Close() error {
	var problems []error
	for _, p := range s.background {
		problems = append(problems, p.end(syscall.SIGTERM))
	}
	s.background = nil
	if s.server != nil {
		problems = append(problems, s.server.end(syscall.SIGINT))
		if state := s.server.State(); state != ended {
			problems = append(problems, errors.New(state))
		}
	}
	s.server = nil
	return errors.Join(problems...)
}
