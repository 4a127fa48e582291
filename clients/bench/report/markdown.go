package report

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"example.com/concurrent-network-server/clients/internal/human"
)

// A table shows the results of a scenario.
type table struct {
	scenario, title string
	columns         []column
	compared        column // about which the text says what is no difference
}

// A column shows one value of each result.
type column struct {
	head, value string
	format      func(float64) string
}

// Durations are kept in nanoseconds.
func duration(ns float64) string { return human.Duration(time.Duration(ns)) }
func tenths(f float64) string    { return fmt.Sprintf("%.1f", f) }

var (
	serverCPU    = column{"server CPU each", "server_cpu_ns", duration}
	generatorCPU = column{"generator CPU each", "generator_cpu_ns", duration}
	late         = column{"sent late (p99)", "late_ns", duration}
	clients      = column{"clients", "clients", human.Count}
	requests     = column{"requests", "requests", human.Count}
	mean         = column{"mean", "mean_ns", duration}
	p50          = column{"p50", "p50_ns", duration}
	p99          = column{"p99", "p99_ns", duration}
	longest      = column{"max", "max_ns", duration}
	perSecond    = column{"requests/s", "per_second", human.Count}
	kernel       = column{"kernel memory each", "kernel_bytes", human.Bytes}
	none         column
)

var tables = []table{
	{"throughput", "each client asks for the next echo when it has the one before", []column{
		clients, perSecond, serverCPU, generatorCPU,
		{"CPUs: server", "server_cpus", tenths}, {"generator", "generator_cpus", tenths},
	}, serverCPU},
	{"latency", "{rate} echoes a second, each timed from when it is due", []column{
		clients, requests, mean, p50, p99, longest, late,
	}, p99},
	{"beside", "{echoes} echoes a second, timed like that, while {primes} long primes are checked", []column{
		{"primes done after", "primes_ns", duration},
		requests, mean, p50, p99, longest, late,
	}, p99},
	{"connections", "each client connects, asks once and hangs up", []column{
		clients, {"connections/s", "per_second", human.Count}, serverCPU, generatorCPU,
	}, serverCPU},
	{"memory", "memory for each client that has asked once and says nothing: the process's own, and the kernel's", []column{
		clients, {"memory each", "bytes", human.Bytes}, kernel,
	}, none},
	{"crowd", "what an echo costs one of that many clients, while the others say nothing", columnsFor(Crowd, cpuAmong, p99Among), none},
	{"active", "what an echo costs when that many ask at a time", columnsFor(Active, cpuOf), none},
	{"load", "echoes at a share of the most that the server can do, each timed from when it is due", append([]column{
		perSecond, atShare("p50")(50),
	}, columnsFor(Shares, atShare("p99"))...), none},
}

var (
	// Shares are the loads of the scenario load, in percent of what the server can do.
	Shares = []int{10, 30, 50, 70, 85, 95}
	// Crowd is how many clients there are in the scenario crowd, of whom one asks.
	Crowd = []int{1, 10, 100, 1000, 10_000}
	// Active is how many there are in the scenario active, all of whom ask.
	Active = []int{1, 10, 100, 1000}
)

// atShare returns the columns of a percentile at a load.
func atShare(percentile string) func(share int) column {
	return func(share int) column {
		return column{fmt.Sprintf("%s at %d%%", percentile, share), fmt.Sprintf("%s_at_%d_ns", percentile, share), duration}
	}
}

// with returns the columns of a value with that many clients.
func with(head, value string) func(clients int) column {
	return func(clients int) column {
		return column{head + ", " + count(clients), fmt.Sprintf(value, clients), duration}
	}
}

var (
	cpuAmong = with("CPU", "cpu_among_%d_ns")
	p99Among = with("p99", "p99_among_%d_ns")
	cpuOf    = with("CPU", "cpu_of_%d_ns")
)

// columnsFor returns the columns of each kind, for each point of an axis.
func columnsFor(points []int, kinds ...func(int) column) []column {
	var columns []column
	for _, kind := range kinds {
		for _, point := range points {
			columns = append(columns, kind(point))
		}
	}
	return columns
}

// Markdown returns a table for each scenario.
func (r *Report) Markdown() string { return r.markdown(false) }

// markdown shows above each table the charts of its numbers, which have their own text, if
// they are beside it.
func (r *Report) markdown(illustrated bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n", r.caption(), r.Machine.details())
	for _, t := range tables {
		results := r.of(t.scenario)
		if len(results) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n### %s: %s\n\n", t.scenario, r.expand(t.title))
		for _, c := range charts {
			if illustrated && c.scenario == t.scenario {
				fmt.Fprintf(&b, "![](%s)\n\n", c.file)
			}
		}
		b.WriteString(t.markdown(results))
	}
	return b.String()
}

func (t table) markdown(results []Result) string {
	lines := [][]string{{"server"}, {"---"}}
	for _, c := range t.columns {
		lines[0] = append(lines[0], c.head)
		lines[1] = append(lines[1], "---:")
	}
	var notes strings.Builder
	for _, result := range results {
		cells := []string{result.Server}
		for _, c := range t.columns {
			cells = append(cells, c.cell(result))
		}
		lines = append(lines, cells)
		if note := result.Note + result.Missing; note != "" { // it has one or the other
			fmt.Fprintf(&notes, "\n%s: %s\n", result.Server, note)
		}
		if result.Unknown != "" {
			fmt.Fprintf(&notes, "\n%s: n/a: %s\n", result.Server, result.Unknown)
		}
	}
	return align(lines) + notes.String() + t.compared.verdict(results)
}

func (c column) cell(result Result) string {
	value, ok := result.Values[c.value]
	if !ok {
		return "n/a"
	}
	text := c.format(value)
	if s, ok := result.Spreads[c.value]; ok && c.format(s.Low) != c.format(s.High) {
		text += fmt.Sprintf(" (%s–%s)", c.format(s.Low), c.format(s.High))
	}
	return text
}

// align writes the lines of a table with columns that are as wide as they need: the
// first to the left, the others to the right.
func align(lines [][]string) string {
	widths := make([]int, len(lines[0]))
	for _, cells := range lines {
		for i, cell := range cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, cells := range lines {
		fmt.Fprintf(&b, "| %-*s", widths[0], cells[0])
		for i, cell := range cells[1:] {
			fmt.Fprintf(&b, " | %*s", widths[i+1], cell)
		}
		b.WriteString(" |\n")
	}
	return b.String()
}
