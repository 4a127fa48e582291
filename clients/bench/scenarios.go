package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/bench/report"
	"example.com/concurrent-network-server/clients/internal/load"
	"example.com/concurrent-network-server/clients/internal/proc"
)

// values are what a scenario has measured, by name. Durations are in nanoseconds.
type values = map[string]float64

// A scenario is a way to measure a server.
type scenario struct {
	name  string
	runs  int           // at most: one run of some takes long, and has many samples
	limit time.Duration // besides options.duration
	run   func(context.Context, load.Target, options) (values, error)
}

const many = math.MaxInt

var scenarios = []scenario{
	{"throughput", many, 20 * time.Second, throughput},
	{"latency", many, 20 * time.Second, latency},
	{"beside", 2, 2 * time.Minute, beside},
	{"connections", many, 20 * time.Second, connections},
	{"memory", 2, 30 * time.Second, memory},
	{"load", 2, time.Minute, knee},
	{"crowd", 2, time.Minute, crowd},
	{"active", many, 20 * time.Second, active},
}

func allNames() string {
	var names []string
	for _, s := range scenarios {
		names = append(names, s.name)
	}
	return strings.Join(names, ",")
}

func selectScenarios(names string) ([]scenario, error) {
	var selected []scenario
	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(scenarios, func(s scenario) bool { return s.name == name })
		if i < 0 {
			return nil, fmt.Errorf("no scenario %q: there are %s", name, allNames())
		}
		selected = append(selected, scenarios[i])
	}
	return selected, nil
}

func throughput(ctx context.Context, t load.Target, o options) (values, error) {
	r, err := load.Throughput(ctx, t, o.clients, o.duration)
	return rate(r), err
}

func connections(ctx context.Context, t load.Target, o options) (values, error) {
	r, err := load.Visits(ctx, t, o.clients, o.duration)
	return rate(r), err
}

func rate(r load.Rate) values {
	v := values{
		"clients":    float64(r.Clients),
		"requests":   float64(r.Requests),
		"per_second": float64(r.Requests) / r.Elapsed.Seconds(),
	}
	setCPU(v, "server", r.Server, r)
	setCPU(v, "generator", r.Client, r)
	return v
}

// setCPU notes CPU time per request, and how many CPUs that has kept busy.
func setCPU(v values, whose string, used time.Duration, r load.Rate) {
	if used >= 0 && r.Requests > 0 {
		v[whose+"_cpu_ns"] = float64(used) / float64(r.Requests)
		v[whose+"_cpus"] = used.Seconds() / r.Elapsed.Seconds()
	}
}

func latency(ctx context.Context, t load.Target, o options) (values, error) {
	l, err := load.Paced(ctx, t, o.clients, o.rate, o.duration)
	return latencies(l), err
}

func beside(ctx context.Context, t load.Target, o options) (values, error) {
	b, err := load.BesidePrimes(ctx, t, o.primes, o.echoes)
	v := latencies(b.Latency)
	v["primes_ns"] = float64(b.PrimesTime)
	return v, err
}

func latencies(l load.Latency) values {
	v := values{
		"clients":  float64(l.Clients),
		"requests": float64(l.Requests),
		"mean_ns":  float64(l.Mean),
		"max_ns":   float64(l.Max),
		"late_ns":  float64(l.Late),
	}
	setPercentiles(v, "", l)
	return v
}

// setPercentiles notes those that enough requests have exceeded.
func setPercentiles(v values, suffix string, l load.Latency) {
	for name, d := range map[string]time.Duration{"p50": l.P50, "p90": l.P90, "p99": l.P99, "p999": l.P999} {
		if d > 0 {
			v[name+suffix+"_ns"] = float64(d)
		}
	}
}

func knee(ctx context.Context, t load.Target, o options) (values, error) {
	if t.AtOnce > 0 {
		return nil, notHere(fmt.Sprintf("it serves %d at a time: who waits depends on who came first", t.AtOnce))
	}
	parts := make([]float64, len(report.Shares))
	for i, percent := range report.Shares {
		parts[i] = float64(percent) / 100
	}
	k, err := load.FindKnee(ctx, t, o.clients, parts, o.duration/2)
	v := values{"clients": float64(o.clients), "per_second": k.PerSecond}
	for i, l := range k.At {
		setPercentiles(v, fmt.Sprint("_at_", report.Shares[i]), l)
		v[fmt.Sprint("mean_at_", report.Shares[i], "_ns")] = float64(l.Mean)
	}
	return v, err
}

// crowd measures how the cost of an echo grows with the clients that say nothing.
func crowd(ctx context.Context, t load.Target, o options) (values, error) {
	if err := hasRoom(t, slices.Max(report.Crowd)); err != nil {
		return nil, err
	}
	among, err := load.Among(ctx, t, report.Crowd, o.rate, o.duration)
	if err != nil {
		return nil, err
	}
	v := values{}
	for i, clients := range report.Crowd {
		setPer(v, fmt.Sprintf("cpu_among_%d_ns", clients), among[i].Rate)
		setPercentiles(v, fmt.Sprintf("_among_%d", clients), among[i].Latency)
	}
	return v, nil
}

// active measures how it grows with the clients that ask.
func active(ctx context.Context, t load.Target, o options) (values, error) {
	if err := hasRoom(t, slices.Max(report.Active)); err != nil {
		return nil, err
	}
	v := values{}
	for _, clients := range report.Active {
		r, err := load.Throughput(ctx, t, clients, o.duration/2)
		if err != nil {
			return nil, err
		}
		setPer(v, fmt.Sprintf("cpu_of_%d_ns", clients), r)
	}
	return v, nil
}

// hasRoom returns why a server can't be measured with that many clients.
func hasRoom(t load.Target, clients int) error {
	switch {
	case t.OneRequest:
		return notHere("it hangs up after one request: no client is idle for long")
	case t.AtOnce > 0 && t.AtOnce < clients:
		return notHere(fmt.Sprintf("it serves %d at a time: the others wait in the kernel's queue", t.AtOnce))
	case t.PID == 0:
		return notHere(noProcess)
	}
	return nil
}

// setPer notes the server's CPU time for a request, if it is known.
func setPer(v values, name string, r load.Rate) {
	if r.Server >= 0 && r.Requests > 0 {
		v[name] = float64(r.Server) / float64(r.Requests)
	}
}

const noProcess = "the server's process is not known: say -pid"

// unknown returns why a figure is n/a beside others that are known, or nothing.
func unknown(scenario string, t load.Target) string {
	var err error
	switch {
	case scenario == "memory":
		_, err = proc.Slab()
	case scenario != "throughput" && scenario != "connections":
	case t.PID == 0:
		return noProcess
	default:
		_, err = proc.CPU(t.PID)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func memory(ctx context.Context, t load.Target, o options) (values, error) {
	if err := hasRoom(t, o.idle); err != nil {
		return nil, err
	}
	each, err := load.IdleMemory(ctx, t, o.idle)
	if errors.Is(err, errors.ErrUnsupported) {
		return nil, notHere(err.Error())
	}
	v := values{"clients": float64(o.idle), "bytes": each.Server}
	if !math.IsNaN(each.Kernel) {
		v["kernel_bytes"] = each.Kernel
	}
	return v, err
}
