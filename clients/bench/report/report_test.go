package report

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/golden"
)

// sample is a report with everything that can be in one.
var sample = &Report{
	Date:   time.Date(2026, 11, 23, 17, 53, 3, 0, time.UTC),
	Commit: "abcdef1",
	Machine: Machine{OS: "linux", Kernel: "6.18", Arch: "amd64", CPU: "A <fast> CPU", CPUs: 2, Virtual: true,
		Mitigations: map[string]string{"meltdown": "PTI"}, Governor: "powersave", Go: "go1.26.0"},
	Options: map[string]string{"primes": "8", "echoes": "50", "rate": "1000"},
	Results: []Result{
		{Scenario: "throughput", Server: "1 sequential", Values: map[string]float64{"clients": 1, "per_second": 8603, "server_cpu_ns": 58_000,
			"generator_cpu_ns": 63_000, "server_cpus": 0.5, "generator_cpus": 0.54}, Note: "a connection each"},
		{Scenario: "throughput", Server: "2 stateful", Values: map[string]float64{"clients": 1, "per_second": 42_317}, Unknown: "no CPU time of it"},
		{Scenario: "throughput", Server: "4 worker pool", Runs: 3, Values: map[string]float64{"clients": 4, "per_second": 49_786, "server_cpu_ns": 9950},
			Spreads: map[string]Spread{"server_cpu_ns": {9000, 10_500}}},
		{Scenario: "throughput", Server: "9 offload", Runs: 3, Values: map[string]float64{"clients": 32, "per_second": 150_549, "server_cpu_ns": 6410},
			Spreads: map[string]Spread{"server_cpu_ns": {6000, 9100}}},
		{Scenario: "beside", Server: "3 goroutine per client", Values: map[string]float64{"requests": 2000, "mean_ns": 47.6e6, "p50_ns": 45.2e6,
			"p99_ns": 150e6, "max_ns": 185e6, "primes_ns": 5.6e9, "late_ns": 30e3}},
		{Scenario: "beside", Server: "5 non-blocking", Values: map[string]float64{"requests": 560, "mean_ns": 5.6e9, "p50_ns": 5.5e9,
			"max_ns": 11.2e9, "primes_ns": 11.2e9, "late_ns": 30e3}},
		{Scenario: "beside", Server: "9 offload", Missing: `the server has ended (exit status 3): "I die" & so on`},
		{Scenario: "load", Server: "4 worker pool", Missing: "it serves 4 at a time"},
		{Scenario: "load", Server: "5 non-blocking", Values: map[string]float64{"per_second": 100_000, "p50_at_10_ns": 80e3, "p99_at_10_ns": 200e3,
			"p50_at_50_ns": 100e3, "p99_at_50_ns": 900e3, "p50_at_95_ns": 4e6, "p99_at_95_ns": 30e6}},
		{Scenario: "load", Server: "9 offload", Values: map[string]float64{"per_second": 90_000, "p50_at_10_ns": 90e3, "p99_at_10_ns": 300e3,
			"p50_at_95_ns": 2e6, "p99_at_95_ns": 20e6}},
		{Scenario: "crowd", Server: "5 non-blocking", Values: map[string]float64{"cpu_among_1_ns": 16e3, "cpu_among_10_ns": 17e3, "cpu_among_100_ns": 35e3,
			"cpu_among_1000_ns": 230e3, "cpu_among_10000_ns": 2.7e6, "p99_among_1_ns": 40e3}},
		{Scenario: "crowd", Server: "9 offload", Values: map[string]float64{"cpu_among_1_ns": 16e3, "cpu_among_10000_ns": 16e3}},
		{Scenario: "active", Server: "4 worker pool", Missing: "it serves 4 at a time"},
		{Scenario: "active", Server: "9 offload", Values: map[string]float64{"cpu_of_1_ns": 16e3, "cpu_of_10_ns": 8e3, "cpu_of_100_ns": 6e3, "cpu_of_1000_ns": 7e3}},
		{Scenario: "memory", Server: "4 worker pool", Missing: "it serves 4 at a time"},
		{Scenario: "memory", Server: "9 offload", Values: map[string]float64{"clients": 4000, "bytes": 4480, "kernel_bytes": 2100}},
	},
}

// TestMarkdown compares with a file. UPDATE_GOLDEN=1 rewrites it.
func TestMarkdown(t *testing.T) { golden.Check(t, "report.golden", sample.Markdown()) }

// TestSave saves a report, reads the JSON again and parses the charts.
func TestSave(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "results")
	require.NoError(t, sample.Save(dir))
	text, err := os.ReadFile(filepath.Join(dir, "bench.json"))
	require.NoError(t, err)
	var again Report
	require.NoError(t, json.Unmarshal(text, &again))
	assert.Equal(t, *sample, again)

	files, err := filepath.Glob(filepath.Join(dir, "*.svg"))
	require.NoError(t, err)
	tables, err := os.ReadFile(filepath.Join(dir, "bench.md"))
	require.NoError(t, err)
	assert.Equal(t, len(files), strings.Count(string(tables), "!["))
	var names []string
	for _, file := range files {
		name := filepath.Base(file)
		assert.Contains(t, string(tables), "![]("+name+")")
		names = append(names, name)
		svg, err := os.ReadFile(file)
		require.NoError(t, err)
		golden.Check(t, name, string(svg))
		var chart struct {
			Title string   `xml:"title"`
			Desc  string   `xml:"desc"`
			Texts []string `xml:"text"`
		}
		require.NoError(t, xml.Unmarshal(svg, &chart))
		assert.NotEmpty(t, chart.Title)
		assert.Contains(t, chart.Desc, "9 offload: ")
		assert.Contains(t, chart.Texts, "9 offload")
		assert.Contains(t, chart.Texts, sample.caption())
	}
	assert.Equal(t, []string{"active.svg", "beside.svg", "cpu.svg", "crowd.svg", "load.svg", "memory.svg", "throughput.svg"}, names)
}

func TestDecades(t *testing.T) {
	tests := []struct {
		p50, p99    float64
		first, last float64
	}{
		{60e3, 200e3, 4, 6},
		{60e3, 11e9, 4, 11},
		{1e3, 1e3, 3, 4},
	}
	for _, test := range tests {
		first, last := decades([]float64{test.p50, 0, test.p99})
		assert.Equal(t, []float64{test.first, test.last}, []float64{first, last})
	}
	first, last := decades(nil)
	assert.Less(t, first, last)
}

func TestTick(t *testing.T) {
	for ns, want := range map[float64]string{100: "100ns", 1e3: "1µs", 1e5: "100µs", 1e7: "10ms", 1e11: "100s", 1e12: "1000s"} {
		assert.Equal(t, want, tick(ns))
	}
}

// TestApart: names stay near the ends of their lines, and can be read.
func TestApart(t *testing.T) {
	assert.Empty(t, apart(nil, 100))
	assert.Equal(t, []float64{10, 40, 56}, apart([]float64{10, 40, 41}, 100))
	assert.Equal(t, []float64{68, 84, 100}, apart([]float64{90, 91, 92}, 100))
	assert.Equal(t, []float64{10, 84, 100}, apart([]float64{10, 98, 99}, 100))
}

func TestShorten(t *testing.T) {
	assert.Equal(t, "short", shorten("short"))
	assert.Len(t, []rune(shorten(strings.Repeat("ä", 200))), 85)
}

func TestMachine(t *testing.T) {
	m := ThisMachine()
	assert.NotEmpty(t, m.Go)
	assert.Positive(t, m.CPUs)
	assert.Equal(t, "unknown", Commit(t.TempDir()))
}

// TestRuns: a result is the median of its runs, with what lies between the least and the most.
func TestRuns(t *testing.T) {
	var r Result
	r.SetRuns([]map[string]float64{{"a": 3, "b": 1}, {"a": 1}, {"a": 2, "b": 5}})
	assert.Equal(t, Result{Runs: 3, Values: map[string]float64{"a": 2}, Spreads: map[string]Spread{"a": {1, 3}}}, r)
	r.SetRuns([]map[string]float64{{"a": 3}, {"a": 1}})
	assert.Equal(t, Result{Runs: 2, Values: map[string]float64{"a": 2}, Spreads: map[string]Spread{"a": {1, 3}}}, r)
	r.SetRuns([]map[string]float64{{"a": 1234567.891}})
	assert.Equal(t, map[string]float64{"a": 1234600}, r.Values)
	r.SetRuns([]map[string]float64{{"a": 3}})
	assert.Equal(t, Result{Runs: 1, Values: map[string]float64{"a": 3}, Spreads: map[string]Spread{}}, r)
}

// TestAlike: servers whose ranges have a point in common are named together.
func TestAlike(t *testing.T) {
	results := []Result{}
	for name, s := range map[string]Spread{"x": {1, 3}, "y": {2, 5}, "z": {4, 6}, "alone": {7, 8}} {
		results = append(results, Result{Server: name, Spreads: map[string]Spread{"v": s}})
	}
	slices.SortFunc(results, func(a, b Result) int { return strings.Compare(a.Server, b.Server) })
	assert.ElementsMatch(t, [][]string{{"x", "y"}, {"y", "z"}}, alike(results, "v"))
	verdict := column{"CPU", "v", tenths}.verdict(results)
	assert.Contains(t, verdict, "No difference in CPU between x and y: their ranges overlap.")
	assert.NotContains(t, verdict, "alone")
	assert.Empty(t, none.verdict(results))
}
