//go:build !unix

package proofread

import (
	"os/exec"
	"syscall"
)

// The transcripts are not run here: see unable.

func ownGroup(*exec.Cmd) {}

func signalGroup(*exec.Cmd, syscall.Signal) {}
