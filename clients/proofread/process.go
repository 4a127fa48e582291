package proofread

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// inTranscript is set in the environment of the commands of a transcript: if one of
// them is the test of this module, it must not run its own transcript again.
const inTranscript = "WORKBOOK_TRANSCRIPT"

// A process is a shell command that runs.
type process struct {
	cmd  *exec.Cmd
	out  output
	done chan struct{} // closed when it has ended
	err  error         // how it has ended
}

// start starts a shell command in a folder. What it prints goes to one place, as in a
// terminal.
func start(dir, command string) (*process, error) {
	p := &process{cmd: shell(command), done: make(chan struct{})}
	p.cmd.Dir = dir
	p.cmd.Env = append(os.Environ(), inTranscript+"=1")
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	ownGroup(p.cmd)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// wait waits until the process ends, and reports whether it has ended in time.
func (p *process) wait(limit time.Duration) bool {
	select {
	case <-p.done:
		return true
	case <-time.After(limit):
		return false
	}
}

// waitFor waits until what the process prints meets the condition, or until it ends.
func (p *process) waitFor(met func() bool) {
	for range 600 {
		if met() || p.wait(50*time.Millisecond) {
			return
		}
	}
}

// finish waits until the process ends by itself.
func (p *process) finish() error {
	if p.wait(2 * time.Minute) {
		return nil
	}
	p.end(syscall.SIGKILL)
	return fmt.Errorf("it does not end, and has printed:\n%s", &p.out)
}

// interrupt does what a user does who has seen what there is to see, and waited long
// enough: no event tells that nothing more will come.
func (p *process) interrupt(seen func() bool) error {
	p.waitFor(seen)
	if p.wait(time.Second) {
		return fmt.Errorf("it ended before it could be interrupted, and printed:\n%s", &p.out)
	}
	return p.end(syscall.SIGINT)
}

// end sends a signal to the process and to those that it has started.
func (p *process) end(sig syscall.Signal) error {
	select {
	case <-p.done:
		return nil // and its id may be another's by now
	default:
		signalGroup(p.cmd, sig)
	}
	if p.wait(20 * time.Second) {
		return nil
	}
	signalGroup(p.cmd, syscall.SIGKILL)
	return fmt.Errorf("%v did not end after the signal %v; it printed:\n%s", p.cmd, sig, &p.out)
}

// An output collects what is printed.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// all returns the lines so far. The last one is not finished.
func (o *output) all() []string { return strings.Split(o.String(), "\n") }

// lines returns the lines so far. An unfinished one is not among them.
func (o *output) lines() []string {
	all := o.all()
	return all[:len(all)-1]
}
