package proc

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// LimitDescriptors leaves a process that many descriptors in addition to those that it has,
// until it is given back the others. The limit is for their numbers, and there may be gaps
// between those.
func LimitDescriptors(pid, more int) (giveBack func(), err error) {
	limit := 0
	for ; more >= 0; limit++ {
		if _, err := os.Lstat(fmt.Sprintf("/proc/%d/fd/%d", pid, limit)); errors.Is(err, fs.ErrNotExist) {
			more--
		} else if err != nil {
			return nil, err
		}
	}
	var old unix.Rlimit
	if err := unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &old); err != nil {
		return nil, err
	}
	lower := unix.Rlimit{Cur: min(old.Max, uint64(limit-1)), Max: old.Max}
	if err := unix.Prlimit(pid, unix.RLIMIT_NOFILE, &lower, nil); err != nil {
		return nil, err
	}
	return func() { unix.Prlimit(pid, unix.RLIMIT_NOFILE, &old, nil) }, nil
}
