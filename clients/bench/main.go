// Command bench measures the servers of the workbook, or any server of its protocol.
//
//	bench [-chapter number] [-scenario name,...] [-peer 'name=command {addr}']... [flags]
//	bench [-chapter 9] -scenario beside -queue [flags]
//	bench -addr host:port [-name name] [-pid id] [-scenario name,...] [flags]
//
// It prints a table for each scenario. When it has measured all chapters in all
// scenarios, it also writes clients/results; with -out it always writes.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/bench/report"
	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/ending"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	o := parseFlags()
	ctx, stop := ending.Context()
	defer stop()
	if err := run(ctx, o); err != nil {
		log.Fatal(err)
	}
}

// options are what the user asks for.
type options struct {
	chapter, pid   int
	addr, out      string
	names          string // of scenarios, with commas between them
	clients, idle  int
	rate           int // echoes a second
	runs           int // of each scenario with each server
	quick          bool
	name           string // of the server at addr, to be measured beside the chapters
	peers          []server
	primes, echoes int // long primes, and echoes a second beside them
	duration       time.Duration
	queue          bool
}

func parseFlags() options {
	var o options
	flag.IntVar(&o.chapter, "chapter", 0, "the `number` of the only chapter to measure")
	flag.StringVar(&o.addr, "addr", "", "the `address` of a server that runs, to measure in place of the chapters, or beside them with -name")
	flag.StringVar(&o.name, "name", "", "the `name` of that server, to measure it beside the chapters")
	flag.Func("peer", "`NAME=COMMAND` of a server to start and measure beside the chapters; {addr}, or {host} and {port}, are where it has to listen", o.addPeer)
	flag.IntVar(&o.runs, "runs", 3, "how `often` everything is measured; what takes long, twice at most")
	flag.BoolVar(&o.quick, "quick", false, "measure everything once and for a short time")
	flag.IntVar(&o.pid, "pid", 0, "the process `id` of that server, to measure its CPU and memory")
	flag.StringVar(&o.names, "scenario", allNames(), "the `names` of the scenarios")
	flag.StringVar(&o.out, "out", "", "the `folder` for the results")
	flag.IntVar(&o.clients, "clients", 32, "how many `clients` ask at a time, if the server serves that many")
	flag.IntVar(&o.rate, "rate", 2000, "how many `echoes` a second the latency scenario asks for")
	flag.IntVar(&o.primes, "primes", 8, "how many long `primes` the beside scenario asks for")
	flag.BoolVar(&o.queue, "queue", false, "in the beside scenario, measure chapter 9 once more, with a broker and checkers beside it")
	flag.IntVar(&o.echoes, "echoes", 400, "how many `echoes` a second it asks for beside them")
	flag.IntVar(&o.idle, "idle", 4000, "how many `clients` say nothing in the memory scenario")
	flag.DurationVar(&o.duration, "duration", time.Second, "how `long` the other scenarios take")
	flag.Parse()
	if o.quick {
		hurry(flag.CommandLine)
	}
	if flag.NArg() > 0 {
		log.Fatalf("what is %s?", flag.Arg(0))
	}
	return o
}

// hurry sets what -quick means, unless the user has said something else.
func hurry(flags *flag.FlagSet) {
	quick := map[string]string{"runs": "1", "duration": "500ms", "primes": "2", "idle": "1000"}
	flags.Visit(func(f *flag.Flag) { delete(quick, f.Name) })
	for name, value := range quick {
		flags.Set(name, value)
	}
}

// addPeer takes the value of -peer.
func (o *options) addPeer(value string) error {
	name, command, found := strings.Cut(value, "=")
	words := strings.Fields(command)
	if !found || name == "" || len(words) == 0 {
		return errors.New("it has to look like NAME=COMMAND")
	}
	o.peers = append(o.peers, &peer{name: name, command: words})
	return nil
}

// check reports what can't be measured.
func (o options) check() error {
	for name, n := range map[string]int{"clients": o.clients, "rate": o.rate, "primes": o.primes,
		"echoes": o.echoes, "idle": o.idle, "runs": o.runs, "duration": int(o.duration)} {
		if n <= 0 {
			return fmt.Errorf("-%s must be more than 0", name)
		}
	}
	if o.pid != 0 && o.addr == "" {
		return fmt.Errorf("-pid belongs to -addr")
	}
	if o.name != "" && o.addr == "" {
		return fmt.Errorf("-name belongs to -addr")
	}
	if o.queue && (o.addr != "" || o.names != "beside") {
		return fmt.Errorf("-queue belongs to -scenario beside, without -addr")
	}
	return nil
}

// quickly says what a quick measurement is worth.
const quickly = "One short run each: good for what differs by a factor of two. A smaller difference may be chance.\n"

func run(ctx context.Context, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	scenarios, err := selectScenarios(o.names)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	servers, root, err := o.servers(tmp)
	if err != nil {
		return err
	}
	b := &bench{options: o, report: newReport(root)}
	failed := b.run(ctx, servers, scenarios)
	if ctx.Err() != nil {
		return fmt.Errorf("interrupted")
	}
	text := b.report.Markdown()
	if o.quick {
		text += "\n" + quickly
	}
	_, unread := fmt.Print(text)
	if dir := o.folder(root); dir != "" && failed == nil {
		failed = b.report.Save(dir)
	}
	return cmp.Or(failed, unread)
}

// folder returns where the results belong. Parts of them, unasked, belong nowhere: they
// would replace the whole.
func (o options) folder(root string) string {
	if o.out == "" && o.chapter == 0 && o.addr == "" && len(o.peers) == 0 && !o.quick && o.names == allNames() {
		return filepath.Join(root, "clients", "results")
	}
	return o.out
}

// servers returns what is to be measured, and the folder of the workbook if it is that.
func (o options) servers(tmp string) ([]server, string, error) {
	if o.addr != "" && o.name == "" {
		return []server{&stranger{o.addr, o.addr, o.pid}}, ".", nil
	}
	all, root, err := chapters.Find()
	if err != nil {
		return nil, "", err
	}
	all, err = chapters.Select(all, o.chapter)
	if err != nil {
		return nil, "", err
	}
	var servers []server
	for _, c := range all {
		this := &chapter{Chapter: c, tmp: tmp}
		servers = append(servers, this)
		if c.Number == 5 {
			servers = append(servers, pollers(this)...)
		}
		if o.queue && c.Number == 9 {
			servers = append(servers, &queued{Chapter: c, tmp: tmp})
		}
	}
	if o.addr != "" {
		servers = append(servers, &stranger{o.name, o.addr, o.pid})
	}
	return append(servers, o.peers...), root, nil
}

func newReport(root string) *report.Report {
	options := map[string]string{}
	flag.VisitAll(func(f *flag.Flag) { options[f.Name] = f.Value.String() })
	delete(options, "out") // a path of this machine
	return &report.Report{
		Date:    time.Now().UTC().Truncate(time.Second),
		Commit:  report.Commit(root),
		Machine: report.ThisMachine(),
		Options: options,
	}
}
