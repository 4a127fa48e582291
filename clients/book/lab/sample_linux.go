package lab

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// maxThreads is how many threads are shown.
const maxThreads = 64

// figures reads /proc: https://man7.org/linux/man-pages/man5/proc.5.html
func (w *sampler) figures(pid int, addr string) Figures {
	dir := fmt.Sprintf("/proc/%d/", pid)
	fds, err := os.ReadDir(dir + "fd")
	if err != nil {
		return Figures{None: fmt.Sprintf("no figures: %v", err)}
	}
	f := Figures{Threads: w.threads(dir), Descriptors: len(fds), Backlog: backlog(addr)}
	if statm, err := os.ReadFile(dir + "statm"); err == nil {
		pages, _ := strconv.ParseInt(field(string(statm), 1), 10, 64)
		f.Resident = pages * int64(os.Getpagesize())
	}
	return f
}

func (w *sampler) threads(dir string) []Thread {
	names, _ := filepath.Glob(dir + "task/*")
	now, used := time.Now(), map[int]time.Duration{}
	var list []Thread
	for _, name := range names[:min(len(names), maxThreads)] {
		stat, err := os.ReadFile(name + "/stat")
		schedstat, err2 := os.ReadFile(name + "/schedstat")
		if err != nil || err2 != nil {
			continue // it has just ended
		}
		id, _ := strconv.Atoi(filepath.Base(name))
		ns, _ := strconv.ParseInt(field(string(schedstat), 0), 10, 64)
		used[id] = time.Duration(ns)
		rest := string(stat[bytes.LastIndexByte(stat, ')')+1:]) // the name may have spaces
		nice, _ := strconv.Atoi(field(rest, 16))
		list = append(list, Thread{id, field(rest, 0), nice, w.share(now, id, used[id])})
	}
	w.at, w.used = now, used
	return list
}

// backlog returns how many connections wait in the kernel to be accepted: for a socket that
// listens, /proc/net/tcp gives that as the length of the receive queue.
func backlog(addr string) *int {
	at, err := netip.ParseAddrPort(addr)
	if err != nil || !at.Addr().Is4() {
		return nil
	}
	table, err := os.Open("/proc/net/tcp")
	if err != nil {
		return nil
	}
	defer table.Close()
	ip := at.Addr().As4()
	local := fmt.Sprintf("%08X:%04X", binary.NativeEndian.Uint32(ip[:]), at.Port())
	lines := bufio.NewScanner(table)
	lines.Buffer(make([]byte, 512), 512) // the listeners come first: let the kernel stop there
	for lines.Scan() {
		const listen = "0A"
		line := lines.Text()
		if field(line, 1) == local && field(line, 3) == listen {
			_, queue, _ := strings.Cut(field(line, 4), ":")
			if n, err := strconv.ParseInt(queue, 16, 32); err == nil {
				return new(int(n))
			}
		}
	}
	return nil
}

func field(line string, i int) string {
	fields := strings.Fields(line)
	if i >= len(fields) {
		return ""
	}
	return fields[i]
}
