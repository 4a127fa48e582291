package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// init makes the test's own file the server's, if the variable is set.
func init() {
	if os.Getenv("WORKBOOK_SERVER") != "" {
		main()
		os.Exit(0)
	}
}

// inspected is a server into which one can look.
type inspected struct {
	t             *testing.T
	cmd           *exec.Cmd
	addr, inspect string
}

// launch starts the program. It returns an error if that ends before it listens.
func launch(t *testing.T, args ...string) (*inspected, error) {
	own, err := os.Executable()
	require.NoError(t, err)
	s := &inspected{t: t, cmd: exec.Command(own, append([]string{"-addr", "127.0.0.1:0"}, args...)...)}
	s.cmd.Env = append(os.Environ(), "WORKBOOK_SERVER=1")
	log, err := s.cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, s.cmd.Start())
	t.Cleanup(func() {
		s.cmd.Process.Kill()
		s.cmd.Wait()
	})
	late := time.AfterFunc(patience, func() { s.cmd.Process.Kill() })
	defer late.Stop()
	lines := bufio.NewReader(log)
	for s.addr == "" || s.inspect == "" && len(args) > 0 {
		line, err := lines.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("the server ends, or doesn't say where it listens and where one can look into it")
		}
		if match := regexp.MustCompile(`msg=(listening|inspecting) addr=(\S+)`).FindStringSubmatch(line); match == nil {
			return nil, fmt.Errorf("the server says: %s", strings.TrimSpace(line))
		} else if match[1] == "listening" {
			s.addr = match[2]
		} else {
			s.inspect = match[2]
		}
	}
	return s, nil
}

// lookInside starts a server with a second address.
func lookInside(t *testing.T) *inspected {
	t.Helper()
	s, err := launch(t, "-inspect", "127.0.0.1:0")
	require.NoError(t, err, "a server with -inspect")
	return s
}

// get returns what is at a path of the second address.
func (s *inspected) get(path string) string {
	s.t.Helper()
	web := http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := web.Get("http://" + s.inspect + path)
	require.NoError(s.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusOK, response.StatusCode, "the status of %s", path)
	if path == "/metrics" {
		assert.Contains(s.t, response.Header.Get("Content-Type"), "text/plain", "what the metrics are, by their header")
	}
	return string(body)
}

var sample = regexp.MustCompile(`^([a-z_]+(?:\{[a-z]+="[^"]*"\})?) ([0-9.e+-]+)$`)

// scrape returns the metrics. It proves that they are in the format, and agree with one another.
func (s *inspected) scrape() map[string]float64 {
	s.t.Helper()
	m := map[string]float64{}
	var buckets []float64
	for line := range strings.Lines(s.get("/metrics")) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		match := sample.FindStringSubmatch(line)
		require.NotNil(s.t, match, "a line of the metrics is not in Prometheus's format: %q", line)
		value, err := strconv.ParseFloat(match[2], 64)
		require.NoError(s.t, err)
		m[match[1]] = value
		if strings.HasPrefix(line, "check_seconds_bucket") {
			buckets = append(buckets, value)
		}
	}
	require.GreaterOrEqual(s.t, len(buckets), 5, "buckets of the histogram")
	for i := range buckets[1:] {
		require.LessOrEqual(s.t, buckets[i], buckets[i+1], "two buckets, one after the other: each has all that the ones before it have, and what took longer")
	}
	require.Equal(s.t, m["check_seconds_count"], m[`check_seconds_bucket{le="+Inf"}`], "the count of the histogram, and its last bucket, in one scrape")
	return m
}

// becomes scrapes until a gauge has a value.
func (s *inspected) becomes(name string, want float64, wrong string) {
	s.t.Helper()
	var got float64
	for begin := time.Now(); time.Since(begin) < patience; time.Sleep(10 * time.Millisecond) {
		if got = s.scrape()[name]; got == want {
			return
		}
	}
	assert.Equal(s.t, want, got, "%s: %s", wrong, name)
}

const (
	echoes  = `requests_total{kind="echo"}`
	checks  = `requests_total{kind="check"}`
	invalid = `requests_total{kind="invalid"}`
)

// TestCountsUnderLoad proves that the counters add up to what the clients have counted, however their
// requests were cut, and that somebody looks all the time.
func TestCountsUnderLoad(t *testing.T) {
	s := lookInside(t)
	var clients, looking sync.WaitGroup
	var mu sync.Mutex
	total := map[string]float64{}
	for seed := range uint64(8) {
		clients.Go(func() {
			random := rand.New(rand.NewPCG(seed, 1))
			kinds := []struct{ name, send string }{{echoes, "^some echo$"}, {echoes, "^$"}, {checks, "^P7$"}, {invalid, "^Px$"}}
			var send strings.Builder
			for range 3000 {
				kind := kinds[random.IntN(len(kinds))]
				send.WriteString(kind.send + "noise")
				mu.Lock()
				total[kind.name]++
				mu.Unlock()
			}
			send.WriteString("^unfinished")
			c := dial(t, s.addr)
			clients.Go(func() { io.Copy(io.Discard, c.conn) })
			for rest := send.String(); rest != ""; {
				n := min(1+random.IntN(40), len(rest))
				io.WriteString(c.conn, rest[:n])
				rest = rest[n:]
			}
			c.conn.CloseWrite()
		})
	}
	over := make(chan struct{})
	looking.Go(func() {
		before := map[string]float64{}
		for {
			select {
			case <-over:
				return
			default:
			}
			now := s.scrape()
			for _, name := range []string{echoes, checks, invalid, "check_seconds_count"} {
				assert.GreaterOrEqual(t, now[name], before[name], "a counter goes back: %s", name)
			}
			before = now
		}
	})
	clients.Wait() // each has seen the end of its replies
	close(over)
	looking.Wait()
	m := s.scrape()
	for _, name := range []string{echoes, checks, invalid} {
		assert.Equal(t, total[name], m[name], "what the clients have counted, and what the server has: %s", name)
	}
	assert.Equal(t, total[checks], m["check_seconds_count"], "how many checks the clients have asked for, and how many the histogram has")
}

// TestOneEcho proves that an echo is one request, in however many segments it comes, and only when it
// is whole.
func TestOneEcho(t *testing.T) {
	s := lookInside(t)
	c := greeted(t, s.addr)
	c.send("^")
	for _, b := range []byte("echo") {
		c.send(string(b))
		c.expect(string(b + 1))
	}
	assert.Zero(t, s.scrape()[echoes], "echoes that are whole: a client is in the middle of its first")
	c.send("$")
	c.finish("")
	assert.Equal(t, 1., s.scrape()[echoes], "echoes that are whole: a client has sent one, a byte at a time")
}

// TestCountedBeforeReplied proves that whoever has a reply finds its request counted.
func TestCountedBeforeReplied(t *testing.T) {
	s := lookInside(t)
	c := greeted(t, s.addr)
	for i := range 50 {
		c.send("^P7$^P$")
		c.expect("prime\nerror: no digits\n")
		m := s.scrape()
		require.Equal(t, float64(i+1), m[checks], "checks, when a client has so many verdicts")
		require.Equal(t, float64(i+1), m[invalid], "invalid requests, when a client has been told so many times")
	}
}

// TestClientsCounted proves that clients are counted while they are there.
func TestClientsCounted(t *testing.T) {
	s := lookInside(t)
	var all []*client
	for range 3 {
		all = append(all, greeted(t, s.addr))
	}
	assert.Equal(t, 3., s.scrape()["clients"], "three clients have been greeted: clients")
	all[0].finish("")
	all[0].conn.Close()
	all[1].reset()
	s.becomes("clients", 1, "of three clients one has left, and one has reset its connection")
}

// TestCheckUnderWay proves that a check is seen while it is being made, and is in the histogram only
// when it is done.
func TestCheckUnderWay(t *testing.T) {
	s := lookInside(t)
	c := greeted(t, s.addr)
	c.send("^P18446744073709551557$")
	s.becomes("checks_in_progress", 1, "a client has asked for a check that takes seconds")
	assert.Zero(t, s.scrape()["check_seconds_count"], "checks that are done, in the histogram: the only one isn't")
}

// TestHistogram proves that a check is counted where it belongs by the time that it took.
func TestHistogram(t *testing.T) {
	s := lookInside(t)
	c := greeted(t, s.addr)
	c.send("^P200000000000027$") // millions of divisions
	c.finish("prime\n")
	m := s.scrape()
	assert.Zero(t, m[`check_seconds_bucket{le="0.001"}`], "checks that took a millisecond at most, in the histogram: the only one has made millions of divisions")
	assert.Equal(t, 1., m["check_seconds_count"], "checks in the histogram")
	assert.Greater(t, m["check_seconds_sum"], 0.001, "seconds in all: a check has made millions of divisions")
	assert.Less(t, m["check_seconds_sum"], patience.Seconds(), "seconds in all: nobody has waited for that long")
	s.becomes("checks_in_progress", 0, "the check is done")
}

// TestProfiles proves that the profiles of package pprof are there.
func TestProfiles(t *testing.T) {
	s := lookInside(t)
	greeted(t, s.addr)
	assert.Contains(t, s.get("/debug/pprof/goroutine?debug=1"), "handler.Handle", "the profile of the goroutines, while a client is there")
	assert.Contains(t, s.get("/debug/pprof/"), "heap", "the list of the profiles")
}

// TestFirstPort proves that nobody can look inside from where the clients come, and that clients are
// not served where one looks.
func TestFirstPort(t *testing.T) {
	s := lookInside(t)
	c := greeted(t, s.addr)
	c.send("GET /metrics HTTP/1.1\r\nHost: workbook\r\n\r\n")
	c.finish("", "the port for clients speaks HTTP")
	c = dial(t, s.inspect)
	c.send("^P7$^echo$\r\n\r\n")
	require.NoError(t, c.conn.CloseWrite(), "the port for looking inside hangs up on who speaks another protocol, before that has ended")
	got, _ := io.ReadAll(c.conn)
	assert.NotContains(t, string(got), "prime\n", "the port for looking inside speaks the protocol")
}

// TestOnlyIfAsked proves that the server without the flag is what it was, and that an address which is taken is
// an error.
func TestOnlyIfAsked(t *testing.T) {
	s := lookInside(t)
	_, err := launch(t, "-inspect", s.inspect)
	assert.Error(t, err, "the second address is taken, and the server serves all the same")
	plain, err := launch(t)
	require.NoError(t, err, "a server without -inspect does not start")
	c := greeted(t, plain.addr)
	c.send("^P7$")
	c.finish("prime\n")
}

// TestLookers proves that those who look and don't read, or say nothing, hold up neither clients nor
// a stop.
func TestLookers(t *testing.T) {
	s := lookInside(t)
	for _, send := range []string{"", strings.Repeat("GET /metrics HTTP/1.1\r\nHost: workbook\r\n\r\n", 20_000)} {
		conn, err := net.Dial("tcp", s.inspect)
		require.NoError(t, err, "nobody may look: the port for looking inside does not accept")
		defer conn.Close()
		conn.SetWriteDeadline(time.Now().Add(time.Second))
		io.WriteString(conn, send) // until it is stuck
	}
	c := greeted(t, s.addr)
	c.send("^P7$^echo$")
	c.finish("prime\nfdip")
	if runtime.GOOS == "windows" {
		t.Skip("no signals")
	}
	s.cmd.Process.Signal(os.Interrupt)
	late := time.AfterFunc(patience, func() { s.cmd.Process.Kill() })
	defer late.Stop()
	assert.NoError(t, s.cmd.Wait(), "a server is told to stop while two look into it, who don't read what it says")
}
