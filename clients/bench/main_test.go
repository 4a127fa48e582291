package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/bench/report"
	"example.com/concurrent-network-server/clients/internal/load"
	"example.com/concurrent-network-server/clients/internal/testserver"
)

// short are options for measurements that are quick and bad.
var short = options{clients: 4, rate: 200, primes: 2, echoes: 100, idle: 50, runs: 1, duration: 50 * time.Millisecond}

// fewClients makes the scenarios crowd and active small.
func fewClients(t *testing.T) {
	crowd, active := report.Crowd, report.Active
	t.Cleanup(func() { report.Crowd, report.Active = crowd, active })
	report.Crowd, report.Active = []int{1, 4}, []int{1, 5}
}

// measure measures all in the scenarios of that name.
func measure(t *testing.T, servers []server, names string) (*report.Report, error) {
	selected, err := selectScenarios(names)
	require.NoError(t, err)
	b := &bench{options: short, report: &report.Report{}}
	err = b.run(t.Context(), servers, selected)
	return b.report, err
}

// inWorkbook returns the chapters of a workbook in which all are wrong but the last.
func inWorkbook(t *testing.T) []server {
	all := testserver.Workbook(t, "chapter01-unbuildable", "chapter02-deaf", "chapter03-mortal", "chapter04-liar", "chapter05-right")
	var servers []server
	for _, c := range all {
		servers = append(servers, &chapter{Chapter: c, tmp: t.TempDir()})
	}
	if servers[4].(*chapter).Unavailable() != "" {
		servers[4].(*chapter).Number = 8
	}
	return servers
}

// TestChapters proves that each scenario has a result for each server, or a reason why
// it has none, and that a server which dies is told from one that lies.
func TestChapters(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	fewClients(t)
	r, err := measure(t, inWorkbook(t), allNames())
	assert.Equal(t, errFailed, err)
	require.Len(t, r.Results, len(scenarios)*5)
	missing := []string{"does not build", "I listen to nobody", "the server has ended (exit status 3)", "wrong reply"}
	for i, result := range r.Results {
		if server := i % 5; server < len(missing) {
			assert.Contains(t, result.Missing, missing[server])
		} else if result.Scenario != "memory" {
			assert.Empty(t, result.Missing, result.Scenario)
			assert.NotEmpty(t, result.Values)
		}
	}
	assert.Contains(t, r.Markdown(), "### beside")
}

// TestStranger measures servers that are in this process.
func TestStranger(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	fewClients(t)
	for _, kind := range []testserver.Server{{}, {AtOnce: 2}, {AtOnce: 1, OneRequest: true}} {
		addr := testserver.Start(t, kind)
		s := &stranger{addr, addr, os.Getpid()}
		r, err := measure(t, []server{s}, allNames())
		require.NoError(t, err)
		for _, result := range r.Results {
			assert.Equal(t, s.addr, result.Server)
			switch {
			case strings.Contains("memory load crowd active", result.Scenario) && kind.AtOnce > 0:
				assert.NotEmpty(t, result.Missing)
			case result.Scenario == "crowd":
				assert.Positive(t, result.Values["cpu_among_1_ns"])
				assert.Positive(t, result.Values["cpu_among_4_ns"])
			case result.Scenario == "active":
				assert.Positive(t, result.Values["cpu_of_5_ns"])
			case result.Scenario == "load":
				assert.Positive(t, result.Values["per_second"])
			case result.Scenario != "memory":
				assert.Empty(t, result.Missing)
				assert.Contains(t, result.Values, "requests")
				assert.Equal(t, short.runs, result.Runs)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	r, err := measure(t, []server{&stranger{"it", "127.0.0.1:1", 0}}, "latency")
	assert.Equal(t, errFailed, err)
	assert.Contains(t, r.Results[0].Missing, "refused")
}

func TestOptions(t *testing.T) {
	assert.NoError(t, short.check())
	for want, change := range map[string]func(*options){
		"-clients":  func(o *options) { o.clients = 0 },
		"-duration": func(o *options) { o.duration = -1 },
		"-runs":     func(o *options) { o.runs = 0 },
		"-name":     func(o *options) { o.name = "mine" },
		"-pid":      func(o *options) { o.pid = 7 },
		"-queue":    func(o *options) { o.queue, o.names = true, "latency" },
		"-queue b":  func(o *options) { o.queue, o.names, o.addr = true, "beside", "127.0.0.1:1" },
	} {
		o := short
		change(&o)
		assert.ErrorContains(t, o.check(), want)
	}
	_, err := selectScenarios("latency,nothing")
	assert.ErrorContains(t, err, `no scenario "nothing"`)
}

// TestPeer measures a server in Python beside a chapter.
func TestPeer(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no Python")
	}
	server, err := filepath.Abs("../testdata/asyncio_server.py")
	require.NoError(t, err)
	testserver.Workbook(t, "chapter03-right")
	o := short
	require.NoError(t, o.addPeer("in Python="+python+" "+server+" {port}"))
	servers, _, err := o.servers(t.TempDir())
	require.NoError(t, err)
	selected, err := selectScenarios("latency")
	require.NoError(t, err)
	o.runs = 2
	b := &bench{options: o, report: &report.Report{}}
	require.NoError(t, b.run(t.Context(), servers, selected))
	r := b.report
	require.Len(t, r.Results, 2)
	assert.Equal(t, "in Python", r.Results[1].Server)
	assert.Equal(t, 2, r.Results[1].Runs)
	for _, result := range r.Results {
		assert.Positive(t, result.Values["mean_ns"], result.Server)
	}
}

// TestBadPeers: a peer that can't be started, ends, or listens to nobody is an error in words.
func TestBadPeers(t *testing.T) {
	o := short
	for _, bad := range []string{"", "name", "name=", "=command"} {
		assert.EqualError(t, o.addPeer(bad), "it has to look like NAME=COMMAND")
	}
	for command, want := range map[string]string{"/no/such/program": "no such file", "go version": "the server has ended (exit status 0): go version go"} {
		o := short
		require.NoError(t, o.addPeer("it="+command))
		r, err := measure(t, o.peers, "latency")
		assert.Equal(t, errFailed, err)
		assert.Contains(t, r.Results[0].Missing, want)
	}
}

// TestNamed: a server that runs already is measured beside the chapters, if it has a name.
func TestNamed(t *testing.T) {
	testserver.Workbook(t, "chapter03-right")
	o := short
	o.addr, o.name = "127.0.0.1:1", "mine"
	servers, _, err := o.servers(t.TempDir())
	require.NoError(t, err)
	require.Len(t, servers, 2)
	assert.Equal(t, "mine", servers[1].String())
}

// TestTurns: the tasks take turns, and what takes long has fewer.
func TestTurns(t *testing.T) {
	long, short := &scenario{name: "long", runs: 2}, &scenario{name: "short", runs: many}
	var names []string
	for _, t := range turns([]task{{long, nil}, {short, nil}}, 3) {
		names = append(names, t.name)
	}
	assert.Equal(t, []string{"long", "short", "long", "short", "short"}, names)
}

// TestQuick: what the user says himself stands.
func TestQuick(t *testing.T) {
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	runs, primes := flags.Int("runs", 3, ""), flags.Int("primes", 8, "")
	require.NoError(t, flags.Parse([]string{"-primes", "5"}))
	hurry(flags)
	assert.Equal(t, []int{1, 5}, []int{*runs, *primes})
}

// TestFolder: only the whole, measured as it should be, takes the place of the results.
func TestFolder(t *testing.T) {
	whole := short
	whole.names = allNames()
	assert.Equal(t, filepath.Join("root", "clients", "results"), whole.folder("root"))
	for name, change := range map[string]func(*options){
		"chapter": func(o *options) { o.chapter = 3 },
		"addr":    func(o *options) { o.addr = "127.0.0.1:1" },
		"peer":    func(o *options) { require.NoError(t, o.addPeer("a=b")) },
		"quick":   func(o *options) { o.quick = true },
		"names":   func(o *options) { o.names = "load" },
	} {
		o := whole
		change(&o)
		assert.Empty(t, o.folder("root"), name)
	}
}

// TestOut proves where results are written, and where not.
func TestOut(t *testing.T) {
	o := short
	o.addr, o.names = testserver.Start(t, testserver.Server{}), "latency"
	t.Chdir(t.TempDir())
	require.NoError(t, run(t.Context(), o))
	written, err := filepath.Glob("*")
	require.NoError(t, err)
	assert.Empty(t, written)
	o.out = "results"
	require.NoError(t, run(t.Context(), o))
	assert.FileExists(t, filepath.Join("results", "latency.svg"))
}

// TestUnknown: what is n/a has a reason.
func TestUnknown(t *testing.T) {
	target := load.Target{PID: os.Getpid()}
	if runtime.GOOS == "linux" {
		for _, name := range strings.Split(allNames(), ",") {
			assert.Empty(t, unknown(name, target), name)
		}
	}
	assert.Contains(t, unknown("connections", load.Target{}), "say -pid")
	assert.Contains(t, unknown("throughput", load.Target{PID: -1}), "no CPU time of ")
	assert.Empty(t, unknown("latency", load.Target{}), "it has no such figure")
}
