package lab

import "time"

// A Sample is what a server costs at a moment, and what its stream of echoes sees.
type Sample struct {
	At      int64     `json:"t"` // microseconds since the session began
	Servers []Figures `json:"sides"`
}

// Figures are those of one server. What this system does not tell is not there.
type Figures struct {
	Threads     []Thread `json:"threads,omitempty"`
	Descriptors int      `json:"fds,omitempty"`
	Resident    int64    `json:"rss,omitempty"`     // bytes
	Backlog     *int     `json:"backlog,omitempty"` // connections that the server has not accepted
	Echoes      *Echoes  `json:"echoes,omitempty"`
	None        string   `json:"none,omitempty"` // why the system's figures are missing
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
