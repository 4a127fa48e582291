package engine

import "golang.org/x/sys/unix"

// limitDescriptors makes a limit the number of the first descriptor that a process may not
// use. The process goes on with those that it has.
func limitDescriptors(pid int, limit uint64) (restore func(), err error) {
	var old unix.Rlimit
	if err := unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &old); err != nil {
		return nil, err
	}
	if err := unix.Prlimit(pid, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: limit, Max: old.Max}, nil); err != nil {
		return nil, err
	}
	return func() { unix.Prlimit(pid, unix.RLIMIT_NOFILE, &old, nil) }, nil
}
