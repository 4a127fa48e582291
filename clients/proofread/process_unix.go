//go:build unix

package proofread

import (
	"os/exec"
	"syscall"
)

// ownGroup makes the process the first of a session and a group, to which those that it
// starts belong. On Linux a session has its own share of a busy machine: in the session of
// the tests, chapter 9's low-priority threads would not get on. See autogroup in sched(7).
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
}

func signalGroup(cmd *exec.Cmd, sig syscall.Signal) {
	syscall.Kill(-cmd.Process.Pid, sig)
}
