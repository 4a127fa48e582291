//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var dir string

// built is the folder of the module's programs, which are built once.
var built = sync.OnceValues(func() (string, error) {
	var err error
	if dir, err = os.MkdirTemp("", "beyond"); err != nil {
		return "", err
	}
	out, err := exec.Command("go", "build", "-o", dir+"/", ".", "./broker", "./checker").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, out)
	}
	return dir, err
})

// TestMain is one broker of a cluster, if the environment names its configuration.
func TestMain(m *testing.M) {
	if config := os.Getenv("TEST_BROKER"); config != "" {
		runBroker(config)
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// programs returns the folder of the programs.
func programs(t testing.TB) string {
	for _, source := range []string{"broker/main.go", "checker/main.go"} {
		_, err := os.ReadFile(source) // tells the test cache that the result depends on it
		require.NoError(t, err)
	}
	dir, err := built()
	require.NoError(t, err)
	return dir
}

// A process is a program that runs, and is restarted with the same arguments.
type process struct {
	t     testing.TB
	name  string
	args  []string
	env   string
	ready string
	log   string
	cmd   *exec.Cmd
	done  chan error
}

// start starts a program and waits until it is ready.
func (w *world) start(name, program, ready string, args ...string) *process {
	return w.run(&process{name: name, args: append([]string{filepath.Join(w.dir, program)}, args...), ready: ready})
}

func (w *world) run(p *process) *process {
	p.t, p.log = w.t, filepath.Join(w.t.TempDir(), p.name+".log")
	p.start()
	w.t.Cleanup(func() {
		p.cmd.Process.Kill()
		<-p.done
		if w.t.Failed() {
			w.t.Logf("%s:\n%s", p.name, tail(p.String()))
		}
	})
	return p
}

func (p *process) start() {
	log, err := os.OpenFile(p.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	require.NoError(p.t, err)
	defer log.Close()
	before := strings.Count(p.String(), p.ready)
	p.cmd = exec.Command(p.args[0], p.args[1:]...)
	p.cmd.Env = append(os.Environ(), "NATS_URL=", p.env)
	p.cmd.Stdout, p.cmd.Stderr = log, log
	require.NoError(p.t, p.cmd.Start())
	done, cmd := make(chan error, 1), p.cmd
	go func() { done <- cmd.Wait(); close(done) }()
	p.done = done
	require.Eventually(p.t, func() bool { return strings.Count(p.String(), p.ready) > before }, time.Minute, time.Millisecond, p)
}

// String returns what the process has logged.
func (p *process) String() string {
	text, _ := os.ReadFile(p.log)
	return string(text)
}

func (p *process) signal(s os.Signal) { p.cmd.Process.Signal(s) }

func (p *process) wait() error { return <-p.done }

func (p *process) restart(s os.Signal) {
	p.signal(s)
	p.wait()
	p.start()
}

func (p *process) freeze(d time.Duration) {
	p.signal(syscall.SIGSTOP)
	time.Sleep(d)
	p.signal(syscall.SIGCONT)
}

// trouble kills, stops or freezes the process, which goes on after that.
func (p *process) trouble(random *rand.Rand, longest time.Duration) {
	switch random.IntN(3) {
	case 0:
		p.t.Log("kill", p.name)
		p.restart(os.Kill)
	case 1:
		p.t.Log("stop", p.name)
		p.restart(os.Interrupt)
	case 2:
		p.t.Log("freeze", p.name)
		p.freeze(time.Duration(random.Int64N(int64(longest))))
	}
}

// descriptors returns how many descriptors the process has open.
func (p *process) descriptors() int {
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.cmd.Process.Pid))
	if err != nil {
		return 0 // there is no /proc
	}
	return len(entries)
}

// goroutines ends the process, and returns how many goroutines it had.
func (p *process) goroutines() int {
	p.signal(syscall.SIGQUIT)
	p.wait()
	return len(goroutine.FindAllString(p.String(), -1))
}
