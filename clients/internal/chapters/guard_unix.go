//go:build unix

package chapters

import (
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
)

// guarded starts a guard and becomes the program. The guard waits for the end of a pipe to
// which nobody writes, and kills its process group, itself included. It ignores what the
// program shall not, and is a child of nobody, so that the program has none that it does
// not know. Of the program's own files it has none: whoever waits for their end must not wait
// for the guard.
const guarded = `trap '' HUP INT TERM
((read -r line <&3; kill -KILL 0) >/dev/null 2>&1 5<&- 6>&- &)
trap - HUP INT TERM
exec "$0" "$@" 3<&- 4>&-`

// Guard sees to it that a command, which must not have started yet, does not outlive this
// program, nor do the processes that the command starts. All of them are in a process group,
// which is killed when the pipe to the guard is closed: by end, or by the kernel, however
// this program ends.
//
// There is no moment when a child could be missed: the guard is there before the program,
// and both have the group from the shell. Linux's Pdeathsig is less certain, because it is
// sent when the thread that forked ends (https://go.dev/issue/27505), and macOS has none.
func Guard(cmd *exec.Cmd) (end func(), err error) {
	program, err := exec.LookPath(cmd.Path) // or the shell would complain
	if err != nil {
		return nil, err
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		return nil, err
	}
	waiting, alive, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	gone, living, err := os.Pipe() // the guard has the other end, as long as it lives
	if err != nil {
		return nil, err
	}
	cmd.Args = append([]string{"sh", "-c", guarded, program}, cmd.Args[1:]...)
	cmd.Path, cmd.ExtraFiles = shell, append([]*os.File{waiting, living}, cmd.ExtraFiles...)
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	}
	return sync.OnceFunc(func() {
		waiting.Close()
		living.Close()
		alive.Close()
		io.Copy(io.Discard, gone)
		gone.Close()
	}), nil
}

// OwnSession gives a command that has not started yet a session of its own. On Linux a
// session has its own share of a busy machine: see autogroup in sched(7).
func OwnSession(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// Outlive lets a command that has not started yet outlive this program, and whatever ends it.
func Outlive(cmd *exec.Cmd) { OwnSession(cmd) }

// SignalAll sends a signal to the program and to those that it has started.
func (p *Process) SignalAll(sig syscall.Signal) error { return syscall.Kill(-p.PID, sig) }
