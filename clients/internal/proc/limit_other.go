//go:build !linux

package proc

// LimitDescriptors leaves a process that many descriptors more, on Linux.
func LimitDescriptors(pid, more int) (giveBack func(), err error) {
	return nil, unsupported("way to change the limits of a process that runs")
}
