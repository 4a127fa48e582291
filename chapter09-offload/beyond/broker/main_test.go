package main

import (
	"bufio"
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

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
	cmd.Env = append(os.Environ(), "TEST_AS_PROGRAM=1")
	return cmd
}

// TestRefusals proves that what can't work ends the program, with a line that says why.
func TestRefusals(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	owned := t.TempDir()
	_, err = own(owned)
	require.NoError(t, err)
	for name, test := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"flag":    {[]string{"-port", "4222"}, 2, "flag provided but not defined: -port"},
		"address": {[]string{"-addr", "4222"}, 1, "broker: listen tcp: address 4222: missing port in address\n"},
		"port":    {[]string{"-addr", "127.0.0.1:65536"}, 1, "broker: listen tcp: address 65536: invalid port\n"},
		"taken":   {[]string{"-addr", taken.Addr().String()}, 1, "address already in use\n"},
		"folder":  {[]string{"-addr", "127.0.0.1:0", "-dir", file}, 1, "not a directory\n"},
		"owned":   {[]string{"-addr", "127.0.0.1:0", "-dir", owned}, 1, "broker: another broker keeps its queue in " + owned + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && (name == "taken" || name == "folder") {
				test.want = "broker: " // and then in other words
			}
			if name != "folder" && name != "owned" {
				test.args = append(test.args, "-dir", filepath.Join(t.TempDir(), "untouched"))
			}
			out, err := program(test.args...).CombinedOutput()
			assert.Error(t, err)
			assert.Contains(t, string(out), test.want)
			if test.status == 1 {
				assert.Equal(t, 1, bytes.Count(out, []byte("\n")), string(out))
				assert.NoDirExists(t, filepath.Join(test.args[len(test.args)-1], "jetstream"))
			}
			var exit *exec.ExitError
			require.ErrorAs(t, err, &exit)
			assert.Equal(t, test.status, exit.ExitCode())
		})
	}
}

// start starts the program, and returns its log when it is ready.
func start(t *testing.T, args ...string) (cmd *exec.Cmd, log []string) {
	cmd = program(append([]string{"-dir", t.TempDir()}, args...)...)
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill() })
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		log = append(log, lines.Text())
		if strings.Contains(lines.Text(), "Server is ready") {
			return cmd, log
		}
	}
	t.Fatal(strings.Join(log, "\n"))
	return nil, nil
}

// address returns where the program says that it listens.
func address(t *testing.T, log []string) string {
	for _, line := range log {
		if _, address, found := strings.Cut(line, "Listening for client connections on "); found {
			return address
		}
	}
	t.Fatal(strings.Join(log, "\n"))
	return ""
}

// TestStop proves that the broker keeps a queue until it is told to stop, and then ends well.
func TestStop(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGTERM")
	}
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		cmd, log := start(t, "-addr", "127.0.0.1:0")
		assert.NotContains(t, strings.Join(log, "\n"), "no login")
		conn, err := nats.Connect(address(t, log))
		require.NoError(t, err)
		js, err := conn.JetStream()
		require.NoError(t, err)
		_, err = js.AddStream(&nats.StreamConfig{Name: "S"})
		assert.NoError(t, err)
		conn.Close()
		require.NoError(t, cmd.Process.Signal(signal))
		assert.NoError(t, cmd.Wait())
	}
}

// TestWarning proves that a broker which is open to others says so.
func TestWarning(t *testing.T) {
	cmd, log := start(t, "-addr", ":0")
	assert.Contains(t, strings.Join(log, "\n"), "[WRN] Anybody who reaches ")
	require.NoError(t, cmd.Process.Kill())
	cmd.Wait()
}
