package proofread

import (
	"fmt"
	"strings"
	"syscall"
	"time"

	"example.com/concurrent-network-server/clients/internal/chapters"
)

// inTranscript is set in the environment of the commands of a transcript: if one of
// them is the test of this module, it must not run its own transcript again.
const inTranscript = "WORKBOOK_TRANSCRIPT"

// longest is how many bytes a command of a transcript may print.
const longest = 1 << 20

// A process is a shell command that runs. What it prints goes to one place, as in a terminal.
type process struct{ *chapters.Process }

func start(dir, command string) (process, error) {
	p, err := chapters.Launch(shell(dir, command), longest)
	return process{p}, err
}

// wait waits until the process ends, and reports whether it has ended in time.
func (p process) wait(limit time.Duration) bool {
	select {
	case <-p.Ended():
		return true
	case <-time.After(limit):
		return false
	}
}

// waitFor waits until what the process prints meets the condition, or until it ends.
func (p process) waitFor(met func() bool) {
	for range 600 {
		if met() || p.wait(50*time.Millisecond) {
			return
		}
	}
}

// finish waits until the process ends by itself.
func (p process) finish() error {
	if p.wait(2 * time.Minute) {
		return nil
	}
	p.end(syscall.SIGKILL)
	return fmt.Errorf("it does not end, and has printed:\n%s", p.Log())
}

// interrupt does what a user does who has seen what there is to see, and waited long
// enough: no event tells that nothing more will come.
func (p process) interrupt(seen func() bool) error {
	p.waitFor(seen)
	if p.wait(time.Second) {
		return fmt.Errorf("it ended before it could be interrupted, and printed:\n%s", p.Log())
	}
	return p.end(syscall.SIGINT)
}

// end sends a signal to the process and to those that it has started.
func (p process) end(sig syscall.Signal) error {
	select {
	case <-p.Ended():
		return nil // and its id may be another's by now
	default:
		p.SignalAll(sig)
	}
	if p.wait(20 * time.Second) {
		return nil
	}
	p.SignalAll(syscall.SIGKILL)
	return fmt.Errorf("it did not end after the signal %v; it printed:\n%s", sig, p.Log())
}

// all returns the lines so far. The last one is not finished.
func (p process) all() []string { return strings.Split(p.Log(), "\n") }

// lines returns the lines so far. An unfinished one is not among them.
func (p process) lines() []string {
	all := p.all()
	return all[:len(all)-1]
}
