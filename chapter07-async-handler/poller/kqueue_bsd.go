//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package poller

import "golang.org/x/sys/unix"

func init() {
	Default = "kqueue"
	pollers["kqueue"] = newKqueue
}

// kqueue keeps the list in the kernel too: kqueue(2). The list is one of filters, one for a
// descriptor's reading and one for its writing. No descriptor has more than one of them here.
type kqueue struct {
	fd     int
	events [256]unix.Kevent_t
}

var (
	filters = map[Want]int{WantRead: unix.EVFILT_READ, WantWrite: unix.EVFILT_WRITE}
	others  = map[Want]int{WantRead: unix.EVFILT_WRITE, WantWrite: unix.EVFILT_READ}
)

func newKqueue() (Poller, error) {
	fd, err := unix.Kqueue()
	unix.CloseOnExec(fd)
	return &kqueue{fd: fd}, err
}

func (k *kqueue) Watch(fd int, want Want) error {
	if want == WantNothing {
		return k.Forget(fd)
	}
	var changes [2]unix.Kevent_t
	unix.SetKevent(&changes[0], fd, filters[want], unix.EV_ADD)
	unix.SetKevent(&changes[1], fd, others[want], unix.EV_DELETE)
	return k.change(changes[:])
}

// Forget deletes whichever filter there is. A hang-up comes with a filter (EV_EOF), so from
// now on nobody hears of one.
func (k *kqueue) Forget(fd int) error {
	for _, filter := range filters {
		var deletion [1]unix.Kevent_t
		unix.SetKevent(&deletion[0], fd, filter, unix.EV_DELETE)
		if err := k.change(deletion[:]); err != nil {
			return err
		}
	}
	return nil
}

// change makes changes. A filter to delete need not be there, but that change has to come
// last, because an error ends the list.
func (k *kqueue) change(changes []unix.Kevent_t) error {
	_, err := unix.Kevent(k.fd, changes, nil, nil)
	if err == unix.ENOENT {
		return nil
	}
	return err
}

func (k *kqueue) Wait(ready []int) ([]int, error) {
	n, err := unix.Kevent(k.fd, nil, k.events[:], nil)
	if err == unix.EINTR { // a signal; nothing is ready
		return ready, nil
	}
	if err != nil {
		return ready, err
	}
	for _, event := range k.events[:n] { // an error or a hang-up too: read or write will tell
		ready = append(ready, int(event.Ident))
	}
	return ready, nil
}

func (k *kqueue) Close() error { return unix.Close(k.fd) }
