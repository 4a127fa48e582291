//go:build unix

package proofread

import (
	"os/exec"
	"syscall"
)

// ownGroup makes the process the first of a group, to which those that it starts belong.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

func signalGroup(cmd *exec.Cmd, sig syscall.Signal) {
	syscall.Kill(-cmd.Process.Pid, sig)
}
