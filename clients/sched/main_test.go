//go:build unix

package main

import (
	"compress/gzip"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/golden"
	"example.com/concurrent-network-server/clients/internal/terminal"
	"example.com/concurrent-network-server/clients/internal/testserver"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"sched": main}) }

// unpack returns the file with the trace of a chapter.
func unpack(t *testing.T, name string) string {
	packed, err := os.Open("testdata/" + name + ".gz")
	require.NoError(t, err)
	defer packed.Close()
	text, err := gzip.NewReader(packed)
	require.NoError(t, err)
	file, err := os.Create(filepath.Join(t.TempDir(), name))
	require.NoError(t, err)
	defer file.Close()
	_, err = io.Copy(file, text)
	require.NoError(t, err)
	return file.Name()
}

// TestDraw draws parts of the recorded traces, and one as a picture, too. UPDATE_GOLDEN=1 writes what the
// text should look like.
func TestDraw(t *testing.T) {
	svg := filepath.Join(t.TempDir(), "a.svg")
	for name, args := range map[string]string{"chapter3": "-for 100ms", "chapter5": "", "chapter7": "-for 1ms -svg " + svg, "chapter9": "-from 5ms -for 200ms"} {
		o, err := parse(append([]string{unpack(t, name+".trace")}, strings.Fields(args)...))
		require.NoError(t, err)
		var out strings.Builder
		require.NoError(t, o.run(t.Context(), terminal.Pipe(&out)))
		golden.Check(t, name+".golden", out.String())
	}
	text, err := os.ReadFile(svg)
	require.NoError(t, err)
	assert.NoError(t, xml.Unmarshal(text, new(struct{})))
	assert.Contains(t, string(text), "from 0s to 1ms. Loop ran")
}

func TestParse(t *testing.T) {
	tests := map[string]options{
		"8":                                  {what: "8", scenario: "script"},
		"-scenario beside 9 -- -workers 0 8": {what: "9", scenario: "beside", server: []string{"-workers", "0", "8"}},
		"a.trace -from 120ms -for 60ms":      {what: "a.trace", scenario: "script", from: 120 * time.Millisecond, length: 60 * time.Millisecond},
	}
	for args, want := range tests {
		o, err := parse(strings.Fields(args))
		assert.NoError(t, err, args)
		assert.Equal(t, want, o, args)
	}
}

// TestErrors proves that each is one clear line, and the exit status 2.
func TestErrors(t *testing.T) {
	whole, err := os.ReadFile(unpack(t, "chapter7.trace"))
	require.NoError(t, err)
	testserver.Workbook(t, "chapter03-deaf")
	require.NoError(t, os.WriteFile("cut", whole[:len(whole)/2], 0o644))
	require.NoError(t, os.WriteFile("whole", whole, 0o644))
	tests := map[string]string{
		"":                   "which chapter? Give its number, from 1 to 9\n",
		"0":                  "there is no chapter 0\n",
		"12":                 "there is no chapter 12\n",
		"3 4":                "what is 4? Flags of the server come after --\n",
		"3 -scenario wander": "no scenario \"wander\": there are script, beside, idle\n",
		"3":                  "the server has ended (exit status 1): ",
		"cut":                "cut: the trace is cut short: ",
		"nothing":            "open nothing: no such file or directory\n",
		"whole -from 1h":     "-from and -for: the scenario goes from 0s to ",
		"whole -for -1s":     "-from and -for: the scenario goes from 0s to ",
		"whole -- -workers":  "whole is a trace already: -o and flags of the server belong to a chapter\n",
	}
	for args, want := range tests {
		cmd := exec.Command("sched", strings.Fields(args)...)
		out, _ := cmd.CombinedOutput()
		assert.Equal(t, 2, cmd.ProcessState.ExitCode(), args)
		assert.True(t, strings.HasPrefix(string(out), "sched: "+want), "%s: %s", args, out)
		assert.Equal(t, 1, strings.Count(string(out), "\n"), "%s: %s", args, out)
	}
}

// TestNothingIsLeft ends sched while its server does not answer. No server is left, and after
// Ctrl-C no folder either.
func TestNothingIsLeft(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGKILL} {
		t.Run(signal.String(), func(t *testing.T) {
			testserver.Workbook(t, "chapter03-silent")
			tmp := t.TempDir()
			sched := exec.Command("sched", "3")
			sched.Env = append(os.Environ(), "TMPDIR="+tmp)
			require.NoError(t, sched.Start())
			testserver.Addresses(t, 1)
			require.NoError(t, sched.Process.Signal(signal))
			sched.Wait()
			testserver.AwaitEnd(t, 1)
			if signal == syscall.SIGKILL {
				return
			}
			assert.Equal(t, 2, sched.ProcessState.ExitCode(), sched.ProcessState)
			left, err := os.ReadDir(tmp)
			require.NoError(t, err)
			assert.Empty(t, left)
		})
	}
}
