package poller

import "golang.org/x/sys/unix"

func init() {
	Default = "epoll"
	pollers["epoll"] = newEpoll
}

// epoll keeps the list of descriptors in the kernel, which hands out those that are
// ready: epoll(7).
type epoll struct {
	fd     int
	events [256]unix.EpollEvent
}

var epollEvents = map[Want]uint32{WantRead: unix.EPOLLIN, WantWrite: unix.EPOLLOUT}

func newEpoll() (Poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	return &epoll{fd: fd}, err
}

func (e *epoll) Watch(fd int, want Want) error {
	if want == WantNothing {
		return e.Forget(fd)
	}
	event := unix.EpollEvent{Fd: int32(fd), Events: epollEvents[want]}
	err := unix.EpollCtl(e.fd, unix.EPOLL_CTL_MOD, fd, &event)
	if err == unix.ENOENT { // it's new
		err = unix.EpollCtl(e.fd, unix.EPOLL_CTL_ADD, fd, &event)
	}
	return err
}

func (e *epoll) Forget(fd int) error {
	err := unix.EpollCtl(e.fd, unix.EPOLL_CTL_DEL, fd, nil)
	if err == unix.ENOENT { // it isn't watched
		err = nil
	}
	return err
}

func (e *epoll) Wait(ready []int) ([]int, error) {
	n, err := unix.EpollWait(e.fd, e.events[:], -1)
	if err == unix.EINTR { // a signal; nothing is ready
		return ready, nil
	}
	if err != nil {
		return ready, err
	}
	for _, event := range e.events[:n] { // an error or a hang-up too: read or write will tell
		ready = append(ready, int(event.Fd))
	}
	return ready, nil
}

func (e *epoll) Close() error { return unix.Close(e.fd) }
