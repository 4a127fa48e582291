package lab

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// folder is how the name of a session's folder begins. The number of its process follows.
const folder = "book-lab-"

// sweep removes what is left of labs whose process has been killed. Their servers are gone already.
func sweep() {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), folder+"*")) // the pattern is a good one
	for _, dir := range left {
		number, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), folder), "-")
		if pid, err := strconv.Atoi(number); err == nil && isGone(pid) {
			os.RemoveAll(dir)
		}
	}
}

// isGone reports whether there is no such process any more. On a system that doesn't tell, there is.
func isGone(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer p.Release()
	err = p.Signal(syscall.Signal(0))
	return errors.Is(err, os.ErrProcessDone) || errors.Is(err, fs.ErrNotExist)
}
