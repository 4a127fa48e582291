package lab

import (
	"context"
	"io"
	"slices"
	"sync"
	"time"

	"example.com/concurrent-network-server/clients/internal/load"
)

const (
	// recent is how far back the percentiles of a stream go.
	recent = 10 * time.Second

	// slow is how long an echo takes before the lane shows that the client waits.
	slow = 20 * time.Millisecond

	frame  = "^steady$"
	answer = "tufbez" // each byte plus one
)

// A stream is a client that sends an echo every so often, and does not wait for the replies.
// What an echo has waited counts from when it was due (an open loop), so a server that stands
// still can't hide it.
type stream struct {
	*client
	stop context.CancelFunc

	mu      sync.Mutex
	due     []time.Time // of the echoes that have no reply, in their order
	replies []reply     // of the last seconds
	told    bool        // that the client waits
}

type reply struct {
	at   time.Time
	took time.Duration
}

// toggle begins a stream of that many echoes a second, or ends it.
func (s *server) toggle(ctx context.Context, rate int) error {
	s.mu.Lock()
	old := s.stream
	s.stream = nil
	s.mu.Unlock()
	if old != nil {
		old.stop()
		old.leave("")
		return nil
	}
	c, err := s.connect(ctx, "echoes")
	if err != nil {
		return err
	}
	st := &stream{client: c}
	ctx, st.stop = context.WithCancel(s.ctx)
	s.mu.Lock()
	s.stream = st
	s.mu.Unlock()
	s.work.Go(func() { st.read(ctx, time.Second/time.Duration(rate)) })
	return nil
}

// read waits for the greeting, lets the echoes begin, and reads the replies.
func (s *stream) read(ctx context.Context, every time.Duration) {
	defer s.stop()
	buf := make([]byte, 1)
	_, err := io.ReadFull(s, buf)
	if err == nil {
		s.note(Greeted, 0, quote(buf))
		s.server.work.Go(func() { s.write(ctx, every) })
	}
	for buf = make([]byte, len(answer)); err == nil; {
		if _, err = io.ReadFull(s, buf); err == nil {
			s.take(time.Now(), string(buf))
		}
	}
	s.end(err)
}

// write sends the echoes when they are due. One that is late is sent at once.
func (s *stream) write(ctx context.Context, every time.Duration) {
	defer s.stop()
	sleep, awake := load.NewSleeper()
	defer awake()
	for due := time.Now(); ctx.Err() == nil; due = due.Add(every) {
		sleep(due)
		s.ask(due)
		s.SetWriteDeadline(time.Now().Add(patience))
		if _, err := io.WriteString(s, frame); err != nil {
			return
		}
	}
}

// ask takes note of an echo that is due, and tells if an earlier one waits.
func (s *stream) ask(due time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.due = append(s.due, due)
	if first := s.due[0]; !s.told && due.Sub(first) > slow {
		s.told = true
		s.server.history.addAt(first, Event{Server: s.server.index, Client: s.number, Kind: Sent, Bytes: len(frame), Text: frame})
	}
}

// take takes note of a reply.
func (s *stream) take(now time.Time, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if text != answer || len(s.due) == 0 {
		s.note(Part, len(text), "a wrong reply: "+quote([]byte(text)))
		return
	}
	s.replies = append(s.replies, reply{now, now.Sub(s.due[0])})
	s.due = s.due[1:]
	if s.told && (len(s.due) == 0 || now.Sub(s.due[0]) < slow) {
		s.told = false
		s.note(Answered, len(text), text)
	}
}

// Echoes is what a stream has seen in the last seconds. What has no reply yet counts with
// what it has waited up to now.
type Echoes struct {
	Count    int     `json:"n"`
	P50, P99 float64 // milliseconds
}

func (s *stream) echoes(now time.Time) *Echoes {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replies = slices.DeleteFunc(s.replies, func(r reply) bool { return now.Sub(r.at) > recent })
	var took []time.Duration
	for _, r := range s.replies {
		took = append(took, r.took)
	}
	for _, due := range s.due {
		took = append(took, now.Sub(due))
	}
	if len(took) == 0 {
		return nil
	}
	slices.Sort(took)
	at := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	return &Echoes{len(took), at(0.5), at(0.99)}
}
