//go:build unix

package poller

import "golang.org/x/sys/unix"

// poll asks the kernel with poll(2), which takes the list of all descriptors on each
// call, and looks at each of them.
type poll struct {
	fds   []unix.PollFd
	index map[int]int // where a descriptor is in fds
}

var pollEvents = map[Want]int16{WantRead: unix.POLLIN, WantWrite: unix.POLLOUT}

func newPoll() (Poller, error) { return &poll{index: map[int]int{}}, nil }

func (p *poll) Watch(fd int, want Want) error {
	if want == WantNothing {
		return p.Forget(fd)
	}
	i, ok := p.index[fd]
	if !ok {
		i = len(p.fds)
		p.index[fd] = i
		p.fds = append(p.fds, unix.PollFd{Fd: int32(fd)})
	}
	p.fds[i].Events = pollEvents[want]
	return nil
}

// Forget takes no longer with a thousand descriptors than with one.
func (p *poll) Forget(fd int) error {
	i, ok := p.index[fd]
	if !ok {
		return nil
	}
	last := len(p.fds) - 1
	p.fds[i] = p.fds[last]
	p.index[int(p.fds[i].Fd)] = i
	p.fds = p.fds[:last]
	delete(p.index, fd)
	return nil
}

func (p *poll) Wait(ready []int) ([]int, error) {
	n, err := unix.Poll(p.fds, -1)
	if err == unix.EINTR { // a signal; nothing is ready
		return ready, nil
	}
	if err != nil {
		return ready, err
	}
	for _, f := range p.fds {
		if n == 0 {
			break
		}
		if f.Revents != 0 { // an error or a hang-up too: read or write will tell
			ready = append(ready, int(f.Fd))
			n--
		}
	}
	return ready, nil
}

func (p *poll) Close() error { return nil }
