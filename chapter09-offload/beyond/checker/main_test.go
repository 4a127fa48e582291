package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	broker "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMain is the program itself, if the environment asks for it.
func TestMain(m *testing.M) {
	if os.Getenv("TEST_AS_PROGRAM") != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func program(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "TEST_AS_PROGRAM=1", "NATS_URL=nats://127.0.0.1:1")
	return cmd
}

// startBroker starts a broker that knows one user.
func startBroker(t *testing.T) (address string) {
	b, err := broker.NewServer(&broker.Options{
		Host: "127.0.0.1", Port: broker.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true,
		Username: "me", Password: "secret",
	})
	require.NoError(t, err)
	b.Start()
	require.True(t, b.ReadyForConnections(time.Minute))
	t.Cleanup(func() {
		b.Shutdown()
		b.WaitForShutdown()
	})
	return b.Addr().String()
}

// TestRefusals proves that what can't work ends the program, with a line that says why.
func TestRefusals(t *testing.T) {
	address := startBroker(t)
	for name, test := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"flag":    {[]string{"-threads=false"}, 2, "flag provided but not defined: -threads"},
		"workers": {[]string{"-workers", "0"}, 1, "-workers must be at least 1"},
		"url":     {[]string{"-queue", "nats://127.0.0.1:port"}, 1, "invalid port"},
		"login":   {[]string{"-queue", "nats://me:wrong@" + address}, 1, "Authorization Violation"},
		"no user": {[]string{"-queue", "nats://" + address}, 1, "Authorization Violation"},
		"creds":   {[]string{"-queue", "nats://" + address, "-creds", "missing"}, 1, "missing: no such file"},
		"ca":      {[]string{"-queue", "tls://" + address, "-ca", "missing"}, 1, "missing: no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if runtime.GOOS == "windows" {
				test.want, _, _ = strings.Cut(test.want, ": no such file")
			}
			out, err := program(test.args...).CombinedOutput()
			var exit *exec.ExitError
			require.ErrorAs(t, err, &exit)
			assert.Equal(t, test.status, exit.ExitCode())
			assert.Contains(t, string(out), test.want)
			if test.status == 1 {
				assert.Equal(t, 1, strings.Count(string(out), "\n"), string(out))
			}
		})
	}
}

// start starts the program, and waits until it logs a line with these words.
func start(t *testing.T, words string, args ...string) (*exec.Cmd, *bufio.Reader) {
	cmd := program(args...)
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill() })
	lines := bufio.NewReader(stderr)
	line, err := lines.ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, line, words)
	return cmd, lines
}

// TestAway proves that a checker waits for a broker that is not there, says so once, and
// can be stopped meanwhile. It looks where $NATS_URL says.
func TestAway(t *testing.T) {
	skipWithoutSignals(t)
	cmd, lines := start(t, "the broker is away")
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	rest, err := io.ReadAll(lines)
	assert.NoError(t, err)
	assert.NotContains(t, string(rest), "the broker is away")
	assert.NoError(t, cmd.Wait())
}

// TestStop stops a checker that has begun a check. It sends the answer, and ends.
func TestStop(t *testing.T) {
	skipWithoutSignals(t)
	url := "nats://me:secret@" + startBroker(t)
	cmd, lines := start(t, "taking checks", "-queue", url, "-workers", "1", "-grace", "10m", "-nice", "0")
	conn, err := nats.Connect(url)
	require.NoError(t, err)
	defer conn.Close()
	replies := make(chan *nats.Msg, 100)
	_, err = conn.ChanSubscribe("checks.answer.1", replies)
	require.NoError(t, err)
	check := nats.NewMsg("checks.new")
	check.Data = []byte("4503599627370449")
	check.Header = nats.Header{"Answer-To": {"checks.answer.1"}}
	for { // until the stream is there
		if _, err = conn.RequestMsg(check, time.Minute); err != nats.ErrNoResponders {
			break
		}
	}
	require.NoError(t, err)
	stopped := false
	for reply := range replies {
		if len(reply.Data) > 0 {
			assert.Equal(t, "4503599627370449 true", string(reply.Data))
			require.NoError(t, reply.Respond([]byte("false")))
			break
		}
		require.NoError(t, reply.Respond([]byte("true"))) // it asks whether the answer is wanted, and so it has begun
		if !stopped {
			stopped = true
			require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
		}
	}
	rest, err := io.ReadAll(lines)
	assert.NoError(t, err)
	assert.Empty(t, string(rest))
	assert.NoError(t, cmd.Wait())
}

func skipWithoutSignals(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGTERM")
	}
}
