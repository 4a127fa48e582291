package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/terminal"
	"example.com/concurrent-network-server/clients/internal/testserver"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"tour": main}) }

// TestHead is tour | head -n 3, which reads until the first chapter begins. It proves that
// neither a server nor a folder is left behind.
func TestHead(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no TMPDIR, no SIGPIPE")
	}
	testserver.Workbook(t, "chapter01-right", "chapter02-right")
	tmp := t.TempDir()
	tour := exec.Command("tour")
	tour.Env = append(os.Environ(), "TMPDIR="+tmp)
	out, err := tour.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, tour.Start())
	head := bufio.NewScanner(out)
	for range 3 {
		require.True(t, head.Scan())
	}
	assert.Equal(t, "Chapter 1 right", head.Text())
	out.Close()
	tour.Wait()
	assert.Equal(t, 1, tour.ProcessState.ExitCode(), tour.ProcessState)
	testserver.AwaitEnd(t, 1)
	left, err := os.ReadDir(tmp)
	require.NoError(t, err)
	assert.Empty(t, left)
}

// A reader has had enough when it meets a word.
type reader struct{ word string }

var errEnough = errors.New("enough")

func (r reader) Write(p []byte) (int, error) {
	if strings.Contains(string(p), r.word) {
		return 0, errEnough
	}
	return len(p), nil
}

// TestEnough proves that no chapter is visited for nobody.
func TestEnough(t *testing.T) {
	all := testserver.Workbook(t, "chapter01-right", "chapter02-right")
	for word, visited := range map[string]int{"Chapter 1": 0, "Echo ": 1, "Chapter 2": 1, "chapter  ": 2} {
		os.Remove("addresses")
		tour := &tour{screen: terminal.Pipe(reader{word}), tmp: t.TempDir(), span: firstSpan}
		assert.Equal(t, errEnough, tour.run(t.Context(), all), word)
		addresses, _ := os.ReadFile("addresses")
		assert.Equal(t, visited, strings.Count(string(addresses), "\n"), word)
	}
}
