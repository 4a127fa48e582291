package load

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"time"

	"golang.org/x/sync/errgroup"
)

// A schedule says when requests are due: the k-th, k intervals after the beginning.
// A client that waited for each reply before it asks again would ask a slow server less
// often, and measure few of the requests that the slowness hits (coordinated omission).
type schedule struct {
	begin    time.Time
	interval time.Duration
	warmUp   int // how many requests do not count
}

func (s schedule) due(k int) time.Time {
	return s.begin.Add(time.Duration(k) * s.interval)
}

// record records how long it is since the k-th request was due.
func (s schedule) record(k int, h *histogram) {
	if k >= s.warmUp {
		h.record(time.Since(s.due(k)))
	}
}

// A fleet is clients that send requests by a schedule, whether or not the ones before
// are answered.
type fleet interface {
	send(k int) error // the k-th request
	finish() error    // waits for the replies
}

// pace sends each request when it is due, until there are enough or done is closed, and
// returns how many it has sent.
func pace(s schedule, f fleet, enough int, done <-chan struct{}, sleep func(time.Time), late *histogram) (int, error) {
	for k := range enough {
		sleep(s.due(k))
		select {
		case <-done:
			return k, nil
		default:
		}
		s.record(k, late)
		if err := f.send(k); err != nil {
			return k, err
		}
	}
	return enough, nil
}

// Paced sends perSecond requests in each second, and measures how long each waits for its reply.
// Before that, it does the same for a tenth of the time, which does not count.
func Paced(ctx context.Context, t Target, clients, perSecond int, duration time.Duration) (Latency, error) {
	enough := int(duration.Seconds() * float64(perSecond))
	s := newSchedule(perSecond)
	s.warmUp = enough / 10
	return paced(ctx, t, t.atMost(clients), s, s.warmUp+enough, nil)
}

// settleTime is for the connections to be greeted before the first request is due.
const settleTime = 100 * time.Millisecond

func newSchedule(perSecond int) schedule {
	return schedule{begin: time.Now().Add(settleTime), interval: time.Second / time.Duration(perSecond)}
}

func paced(ctx context.Context, t Target, clients int, s schedule, enough int, done <-chan struct{}) (Latency, error) {
	latencies, late := newHistogram(), newHistogram()
	f, err := t.newFleet(ctx, clients, s, latencies)
	if err != nil {
		return Latency{}, err
	}
	sleep, awake := NewSleeper()
	defer awake()
	cost := t.start()
	sent, err := pace(s, f, enough, done, sleep, late)
	if finishErr := f.finish(); finishErr != nil {
		err = finishErr // why sending has failed
	}
	l := latencies.latency()
	l.Clients, l.Late, l.Cost = clients, late.at(99), cost()
	if counted := max(sent-s.warmUp, 0); err == nil && l.Requests != counted {
		err = fmt.Errorf("%d requests and %d replies", counted, l.Requests)
	}
	return l, err
}

func (t Target) newFleet(ctx context.Context, clients int, s schedule, h *histogram) (fleet, error) {
	if t.OneRequest {
		return newVisitors(ctx, t, s, h), nil
	}
	connected, err := t.connect(ctx, clients)
	if err != nil {
		closeAll(connected)
		return nil, err
	}
	return newPipeline(connected, s, h), nil
}

// A pipeline is a fleet of connections that take turns. Each has a reader.
type pipeline struct {
	conns   []net.Conn
	request request
	readers errgroup.Group
}

func newPipeline[C net.Conn](conns []C, s schedule, h *histogram) *pipeline {
	p := &pipeline{}
	for i, conn := range conns {
		p.conns = append(p.conns, conn)
		p.readers.Go(func() error {
			defer conn.Close()
			return read(conn, s, i, len(conns), h)
		})
	}
	return p
}

func (p *pipeline) send(k int) error {
	p.request.set(uint64(k))
	_, err := p.conns[k%len(p.conns)].Write(p.request.frame[:])
	return err
}

// finish tells the server that no more requests come. It is to answer all and hang up.
func (p *pipeline) finish() error {
	for _, conn := range p.conns {
		if half, ok := conn.(interface{ CloseWrite() error }); ok {
			half.CloseWrite()
		}
	}
	return p.readers.Wait()
}

// read checks the replies to the requests first, first+step and so on to the end, and
// records how long after their due times they come.
func read(conn io.Reader, s schedule, first, step int, h *histogram) error {
	r := bufio.NewReader(conn)
	if star, err := r.ReadByte(); err != nil || star != '*' {
		return fmt.Errorf("instead of a greeting: %q, %v", star, err)
	}
	var request request
	reply := make([]byte, payloadLen)
	for k := first; ; k += step {
		if _, err := io.ReadFull(r, reply); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		s.record(k, h)
		request.set(uint64(k))
		if err := request.check(reply); err != nil {
			return err
		}
	}
}
