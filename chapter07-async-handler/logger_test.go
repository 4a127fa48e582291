//go:build unix

package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// held is a terminal on which somebody has pressed Ctrl-S.
type held struct {
	mu    sync.Mutex // held until Ctrl-Q
	lines []string
}

func (h *held) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lines = append(h.lines, string(p))
	return len(p), nil
}

// TestLogger proves that logging never blocks, that what there was time for is written in
// order, and that the rest is counted.
func TestLogger(t *testing.T) {
	const n = 1000
	terminal := &held{}
	terminal.mu.Lock()
	l := newLogger(terminal)
	buf := make([]byte, 0, 10)
	for i := range n {
		buf = fmt.Appendln(buf[:0], i)
		written, err := l.Write(buf)
		assert.NoError(t, err, "a line that was dropped is no failure")
		assert.Equal(t, len(buf), written, "bytes that Write says it has written")
	}
	terminal.mu.Unlock()
	l.Close()
	var written []int
	missing := 0
	for _, line := range terminal.lines {
		var number, dropped int
		if _, err := fmt.Sscanf(line, "the log was too slow: %d lines", &dropped); err == nil {
			missing += dropped
			continue
		}
		_, err := fmt.Sscan(line, &number)
		assert.NoError(t, err)
		written = append(written, number)
	}
	assert.IsIncreasing(t, written)
	assert.Greater(t, len(written), 50, "lines for which there was room")
	assert.Equal(t, n, len(written)+missing, "%d lines are counted as missing", missing)
}

// TestLoggerCloses proves that a program whose log is read does not wait at its end, and has no
// line to lose.
func TestLoggerCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		terminal := &held{}
		l := newLogger(terminal)
		fmt.Fprintln(l, "the last words")
		begin := time.Now()
		l.Close()
		assert.Zero(t, time.Since(begin), "the log is written, and the program still waits for it")
		assert.Equal(t, []string{"the last words\n"}, terminal.lines, "lines of a log that has been closed")
	})
}

// TestUnreadLog runs the program with a log that nobody reads, and has clients fill it with
// their failures. The server goes on, and ends when it is told to.
func TestUnreadLog(t *testing.T) {
	if os.Getenv("WORKBOOK_UNREAD_LOG") != "" { // the program
		os.Args = []string{"server", "-addr", "127.0.0.1:0"}
		main()
		os.Exit(0)
	}
	log, stderr, err := os.Pipe()
	require.NoError(t, err)
	defer log.Close()
	server := exec.Command(os.Args[0], "-test.run=^TestUnreadLog$")
	server.Env = append(os.Environ(), "WORKBOOK_UNREAD_LOG=1")
	server.Stderr = stderr
	require.NoError(t, server.Start())
	defer server.Process.Kill() // when the test fails
	stderr.Close()
	line, err := bufio.NewReader(log).ReadString('\n')
	require.NoError(t, err)
	_, addr, _ := strings.Cut(strings.TrimSpace(line), "listening on ")

	for range 2000 { // a line each, and 64 KiB fit into the pipe
		greeted(t, addr).reset()
	}
	c := greeted(t, addr)
	c.send("^a$")
	c.expect("b")
	require.NoError(t, server.Process.Signal(syscall.SIGTERM))
	assert.NoError(t, server.Wait(), "the server is told to stop")
}
