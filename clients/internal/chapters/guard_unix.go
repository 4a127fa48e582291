//go:build unix

package chapters

import (
	"os/exec"
	"sync"
	"syscall"
)

// guardScript reads from a pipe that nobody writes to, so it goes on when the pipe is
// closed. Then it kills the process group that it belongs to, itself included.
const guardScript = "trap '' HUP INT TERM; read -r line; kill -KILL 0"

// guard sees to it that a command, which must not have started yet, does not outlive this
// program, nor do the processes that the command starts. All of them belong to the process
// group of a shell, which kills the group when the pipe to it is closed: by end, or by the
// kernel, however this program ends.
//
// There is no moment when a child could be missed. Between fork and exec it still has a
// copy of the pipe, so the shell waits, and before exec it has joined the group. Linux's
// Pdeathsig is less certain, because it is sent when the thread that forked ends
// (https://go.dev/issue/27505), and macOS has none.
func guard(cmd *exec.Cmd) (end func(), err error) {
	shell := exec.Command("sh", "-c", guardScript)
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	alive, err := shell.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := shell.Start(); err != nil {
		return nil, err
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pgid: shell.Process.Pid}
	return sync.OnceFunc(func() {
		alive.Close()
		shell.Wait()
	}), nil
}
