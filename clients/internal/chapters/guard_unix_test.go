//go:build unix

package chapters_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/testserver"
)

// TestInterruptedBuild proves that no compiler is left, and nothing of its files outside
// of the folder.
func TestInterruptedBuild(t *testing.T) {
	all := testserver.Workbook(t, "chapter01-right")
	useCompiler(t)
	dir, elsewhere := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", elsewhere)
	ctx, interrupt := context.WithCancel(t.Context())
	go func() {
		testserver.Addresses(t, 1)
		interrupt()
	}()
	_, err := all[0].Build(ctx, dir)
	assert.Error(t, err)
	testserver.AwaitEnd(t, 1)
	left, err := os.ReadDir(elsewhere)
	require.NoError(t, err)
	assert.Empty(t, left)
}

// TestDescendants proves that what a server has started is stopped with it, though it
// holds the server's log open. The server is a script that starts another one.
func TestDescendants(t *testing.T) {
	all := testserver.Workbook(t, "chapter01-right")
	program, err := all[0].Build(t.Context(), t.TempDir())
	require.NoError(t, err)
	script := filepath.Join(t.TempDir(), "script")
	text := fmt.Sprintf("#!/bin/sh\n'%[1]s' \"$@\" &\nexec '%[1]s' \"$@\"\n", program)
	require.NoError(t, os.WriteFile(script, []byte(text), 0o755))

	s, err := chapters.Start(t.Context(), script)
	require.NoError(t, err)
	testserver.Addresses(t, 2)
	s.Stop()
	testserver.AwaitEnd(t, 2)
}
