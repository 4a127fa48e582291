package chapters

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

const (
	stopTime = 5 * time.Second // for a program to end when it is interrupted

	// waitDelay is how long what a program prints is read after its end, if something that
	// it has started can still print.
	waitDelay = time.Second
)

// A Process is a program that runs.
type Process struct {
	PID  int
	cmd  *exec.Cmd
	log  *Log
	done chan struct{} // closed when it has ended
}

// Launch starts a command and keeps the last bytes of what it prints. The program
// does not outlive this one, however that ends, and takes with it what it has started.
// Ctrl-C does not reach it, because it is in another process group: call Stop.
func Launch(cmd *exec.Cmd, kept int) (*Process, error) {
	p := &Process{cmd: cmd, log: newLog(kept), done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = p.log, p.log, waitDelay
	end, err := Guard(cmd)
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		end()
		return nil, err
	}
	p.PID = cmd.Process.Pid
	go func() {
		cmd.Wait() // State says how it has ended
		end()
		close(p.done)
	}()
	return p, nil
}

// Log returns the end of what the program has printed.
func (p *Process) Log() string { return p.log.String() }

// Signal sends the program a signal.
func (p *Process) Signal(sig os.Signal) error { return p.cmd.Process.Signal(sig) }

// Ended returns a channel that is closed when the program has ended.
func (p *Process) Ended() <-chan struct{} { return p.done }

// State says how the program has ended, after it has: exit status 0.
func (p *Process) State() string { return p.cmd.ProcessState.String() }

// Stop ends the program: it asks, it waits, and then it kills.
func (p *Process) Stop() {
	if p.Signal(os.Interrupt) != nil { // not on Windows
		p.cmd.Process.Kill()
	}
	select {
	case <-p.done:
	case <-time.After(stopTime):
		p.cmd.Process.Kill()
		<-p.done
	}
}

// Explain returns the error that a client has met, or a better one if the program has
// ended.
func (p *Process) Explain(err error) error {
	if err == nil {
		return nil
	}
	select {
	case <-p.done:
		return p.ended()
	case <-time.After(time.Second / 4): // its clients may know before its parent does
		return err
	}
}

// ended says how the program has ended. It was not asked to.
func (p *Process) ended() error {
	return fmt.Errorf("the server has ended (%s)%s", p.State(), p.lastWords())
}

func (p *Process) lastWords() string {
	lines := strings.Split(strings.TrimSpace(p.Log()), "\n")
	if last := lines[len(lines)-1]; last != "" {
		return ": " + last
	}
	return ""
}

// A Log keeps the end of what a program prints, and looks for an address in it.
type Log struct {
	mu    sync.Mutex
	kept  int
	text  []byte
	found bool
	addr  chan string // has room for one
}

func newLog(kept int) *Log { return &Log{kept: kept, addr: make(chan string, 1)} }

func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	if match := listening.FindSubmatch(l.text); match != nil && !l.found {
		l.found = true
		l.addr <- string(match[2])
	}
	if extra := len(l.text) - l.kept; extra > 0 {
		l.text = append(l.text[:0], l.text[extra:]...)
	}
	return len(p), nil
}

func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}
