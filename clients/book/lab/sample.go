package lab

import (
	"errors"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/internal/proc"
)

// A Sample is what a server costs at a moment, and what its stream of echoes sees.
type Sample struct {
	At      int64     `json:"t"` // microseconds since the session began
	Servers []Figures `json:"sides"`
}

// Figures are those of one server. What this system does not tell is not there.
type Figures struct {
	Threads     []Thread `json:"threads,omitempty"`
	ThreadCount int      `json:"threadCount,omitempty"` // where a single thread can't be looked at
	CPU         int      `json:"cpu,omitempty"`         // of the process, likewise, in per cent of a core
	Descriptors int      `json:"fds,omitempty"`
	Resident    int64    `json:"rss,omitempty"`     // bytes
	Backlog     *int     `json:"backlog,omitempty"` // connections that the server has not accepted
	Echoes      *Echoes  `json:"echoes,omitempty"`
	None        string   `json:"none,omitempty"` // why the system's figures are missing, or one of them
}

// A Thread is one of a server's, as the kernel sees it.
type Thread struct {
	ID    int    `json:"id"`
	State string `json:"state"` // R runs or wants to, S waits for an event, D for a device
	Nice  int    `json:"nice"`
	CPU   int    `json:"cpu"` // per cent of a core since the last sample
}

// sampling is how often the lab looks.
const sampling = 100 * time.Millisecond

// A sampler remembers the CPU time of a server's threads from one sample to the next.
type sampler struct {
	at   time.Time
	used map[int]time.Duration
}

// share returns a thread's CPU time since the last sample in per cent of a core.
func (w *sampler) share(now time.Time, id int, used time.Duration) int {
	before, known := w.used[id]
	if w.at.IsZero() || !known {
		return 0
	}
	return int(100 * (used - before) / max(now.Sub(w.at), time.Millisecond))
}

// sample looks at a server. The last of its log is told as events.
func (s *server) sample(w *sampler) Figures {
	if s.running() != nil {
		return Figures{}
	}
	s.readLog()
	f := w.figures(s.process.PID, s.process.Addr)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stream != nil {
		f.Echoes = s.stream.echoes(time.Now())
	}
	return f
}

// ofProcess returns what any system tells about a process as a whole.
func (w *sampler) ofProcess(pid int) Figures {
	var f Figures
	var err error
	if f.Resident, err = proc.Resident(pid); err != nil {
		return Figures{None: err.Error()}
	}
	var missing [3]error
	f.ThreadCount, missing[0] = proc.Threads(pid)
	f.Descriptors, missing[1] = proc.Descriptors(pid)
	used, err := proc.CPU(pid)
	missing[2] = err
	now := time.Now()
	f.CPU = w.share(now, pid, used)
	w.at, w.used = now, map[int]time.Duration{pid: used}
	if err := errors.Join(missing[:]...); err != nil {
		f.None = strings.ReplaceAll(err.Error(), "\n", "; ")
	}
	return f
}
