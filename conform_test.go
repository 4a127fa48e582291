package workbook

import (
	"bufio"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/proofread"
)

// TestConform holds each chapter's server to the protocol and to what the chapter promises,
// from outside, all at once. .ci/run tries the cases that take longer.
func TestConform(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	servers, err := filepath.Glob("chapter0*")
	require.NoError(t, err)
	require.Len(t, servers, 9)
	tmp := build(t, append(servers, "clients/conform"))
	failures := make([]error, len(servers))
	var all sync.WaitGroup
	for i, server := range servers {
		all.Go(func() { failures[i] = conform(filepath.Join(tmp, server), filepath.Join(tmp, "conform"), i+1) })
	}
	all.Wait()
	for i, server := range servers {
		t.Run(server, func(t *testing.T) { assert.NoError(t, failures[i]) })
	}
}

// build builds programs from folders, into one that it returns.
func build(t *testing.T, sources []string) string {
	args := []string{"build", "-o", t.TempDir()}
	for _, source := range sources {
		require.NoError(t, proofread.Watch(source))
		args = append(args, "./"+source)
	}
	require.NoError(t, proofread.Watch("clients/internal/conform"))
	out, err := exec.Command("go", args...).CombinedOutput()
	require.NoError(t, err, string(out))
	return args[2]
}

// conform runs a chapter's server and holds it to what the chapter promises.
func conform(server, client string, chapter int) error {
	if runtime.GOOS == "windows" && 5 <= chapter && chapter <= 7 {
		return nil // they make Unix system calls
	}
	cmd := exec.Command(server, "-addr", "127.0.0.1:0")
	log, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	addr := address(log)
	go io.Copy(io.Discard, log) // what else it says must not block it
	out, err := exec.Command(client, "-short", "-chapter", strconv.Itoa(chapter), "-addr", addr).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

var listening = regexp.MustCompile(`listening.*?(127\.0\.0\.1:\d+)`)

// address returns the address in a server's log, or nothing if the log ends before.
func address(log io.Reader) string {
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if match := listening.FindStringSubmatch(lines.Text()); match != nil {
			return match[1]
		}
	}
	return ""
}
