package lab

import (
	"bytes"
	"errors"
	"time"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/sched/drawing"
	"example.com/concurrent-network-server/clients/sched/recording"
	"example.com/concurrent-network-server/clients/sched/trace"
)

// launchTraced is launch for a server with a tracer in it, as clients/sched has it. The trace
// begins before the first client comes, because a client is told by the goroutine that is created
// for it. It costs the server two descriptors and a thread or two, which the figures show: this is
// why a server has it only when somebody wants to look.
func (s *server) launchTraced(dir string) (*chapters.Server, error) {
	program, err := recording.Build(s.ctx, s.chapter, dir)
	if err != nil {
		return nil, err
	}
	tap, process, err := recording.Start(s.ctx, program, s.flags)
	if err != nil {
		return nil, err
	}
	if err := tap.Begin(); err != nil {
		defer process.Stop()
		tap.Close()
		return nil, process.Explain(err)
	}
	s.mu.Lock()
	s.tap = tap
	s.mu.Unlock()
	return process, nil
}

// takeTap returns the trace that goes on, if there is one, for the caller to end it.
func (s *server) takeTap() *recording.Tap {
	s.mu.Lock()
	defer s.mu.Unlock()
	tap := s.tap
	s.tap = nil
	return tap
}

func (s *server) closeTap() {
	if tap := s.takeTap(); tap != nil {
		tap.Close()
	}
}

var errEndedTrace = errors.New("the server's trace has ended before: with another experiment, or with the server")

// lookInside ends the trace and tells what was inside the server during an experiment.
func (s *server) lookInside(e Experiment, begin time.Time) {
	if !s.traced {
		return
	}
	sheet, err := s.sheet(e.Title, begin, time.Now())
	told := Event{Kind: Inside, Sheet: sheet}
	if err != nil {
		told.Text = err.Error()
	}
	s.add(told)
}

// sheet returns what was inside the server between two moments.
func (s *server) sheet(title string, begin, end time.Time) (*drawing.Sheet, error) {
	tap := s.takeTap()
	if tap == nil {
		return nil, errEndedTrace
	}
	defer tap.Close()
	text, err := tap.End(trace.Run{Chapter: s.chapter.Number, Name: s.chapter.Name, Scenario: title,
		Begin: s.history.begin, End: end, Clients: s.seenFromOutside()})
	if s.running() != nil {
		err = errEndedTrace
	}
	if err != nil {
		return nil, err
	}
	t, err := trace.Read(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	w := drawing.Window{Trace: t, Cast: t.Cast(), From: begin.Sub(s.history.begin), To: end.Sub(s.history.begin)}
	return w.Sheet(), nil
}

// seenFromOutside returns the clients that there have been, in the order in which they came.
func (s *server) seenFromOutside() []trace.Client {
	all, _ := s.history.since(0)
	var list []trace.Client
	for _, e := range of(all, s.index) {
		at := time.Duration(e.At) * time.Microsecond
		switch {
		case e.Kind == Opened:
			list = append(list, trace.Client{Name: e.Text, Connected: at})
		case e.Kind == Answered && e.Bytes > 0:
			list[e.Client-1].Answered = at
		}
	}
	return list
}
