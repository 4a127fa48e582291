//go:build unix

package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
)

// TestBeyond plays the README's transcript with the real programs: a broker, a server,
// three checkers, and three clients, one for each. Then it kills a checker. There are three
// differences: the ports are free ones, the checkers have nice value 0, because a busy
// machine may leave no time for those with 19, and the prime takes an eighth of the divisions,
// which still takes longer than to kill. UPDATE_GOLDEN=1 rewrites the golden file.
func TestBeyond(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	p := newPlay(t)
	url := "nats://" + p.start("broker", "./broker", "Server is ready", "-addr", "127.0.0.1:0", "-dir", t.TempDir())
	addr := p.start("server", ".", "long checks go to the queue", "-addr", "127.0.0.1:0", "-queue", url)
	for i := range 3 {
		p.start(fmt.Sprint("checker ", i+1), "./checker", "taking checks", "-queue", url, "-workers", "1", "-nice", "0")
	}
	clients := make([]*client, 3)
	for i := range clients {
		clients[i] = dial(t, addr)
		fmt.Fprintf(&p.shown, "client %d$ go run ../../clients/talk '^P%s$'\n", i+1, large)
		clients[i].ask("36028797018963913")
	}
	awaitTaken(t, url, len(clients))
	require.NoError(t, p.programs["checker 1"].Process.Kill())
	p.shown.WriteString("(kill -9 for checker 1)\n")
	for i, client := range clients {
		fmt.Fprintf(&p.shown, "client %d: %s\n", i+1, client.answer())
	}
	p.compare(filepath.Join("testdata", "beyond.golden"), url, addr)
}

// awaitTaken waits until workers have taken that many checks out of the queue. On a machine so
// busy that the server's pool has been quicker, it gives up waiting.
func awaitTaken(t *testing.T, url string, checks int) {
	conn, err := nats.Connect(url)
	require.NoError(t, err)
	defer conn.Close()
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	consumer, err := js.Consumer(t.Context(), "CHECKS", "checkers")
	require.NoError(t, err)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		info, err := consumer.Info(t.Context())
		require.NoError(t, err)
		if info.Delivered.Consumer >= uint64(checks) {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// play is what the programs of a transcript print.
type play struct {
	t        *testing.T
	dir      string // for the programs
	programs map[string]*exec.Cmd
	shown    strings.Builder
}

func newPlay(t *testing.T) *play {
	return &play{t: t, dir: programs(t), programs: make(map[string]*exec.Cmd)}
}

var address = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// start starts a program, waits until it prints a line that contains ready, and returns the
// first address in what it has printed. The broker's lines are many, and left out.
func (p *play) start(name, folder, ready string, args ...string) (addr string) {
	program := filepath.Join(p.dir, filepath.Base(folder))
	if folder == "." {
		program = filepath.Join(p.dir, "beyond")
	}
	cmd := exec.Command(program, args...)
	stderr, err := cmd.StderrPipe()
	require.NoError(p.t, err)
	require.NoError(p.t, cmd.Start())
	p.t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	p.programs[name] = cmd
	fmt.Fprintf(&p.shown, "%s$ go run %s %s\n", name, folder, strings.Join(args, " "))
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		if name != "broker" {
			fmt.Fprintln(&p.shown, lines.Text())
		}
		if addr == "" {
			addr = address.FindString(lines.Text())
		}
		if strings.Contains(lines.Text(), ready) {
			return addr
		}
	}
	p.t.Fatalf("%s ends before it is ready:\n%s", name, &p.shown)
	return ""
}

// compare compares what is shown with the golden file, in which the ports are the usual ones.
func (p *play) compare(golden, url, addr string) {
	got := strings.NewReplacer(strings.TrimPrefix(url, "nats://"), "127.0.0.1:4222", addr, "127.0.0.1:7878",
		" -addr 127.0.0.1:0", "", " -nice 0", "").Replace(p.shown.String())
	got = regexp.MustCompile(` -dir \S+`).ReplaceAllString(got, "")
	got = regexp.MustCompile(`time=\S+`).ReplaceAllString(got, "time=2026-11-23T17:53:03.000Z")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		require.NoError(p.t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(p.t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		p.t.Errorf("the programs print something else (-want +got):\n%s", diff)
	}
}
