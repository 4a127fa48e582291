//go:build unix

package chapters_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/testserver"
)

// TestDescendants proves that what a server has started is stopped with it, though it
// holds the server's log open. The server is a script that starts another one.
func TestDescendants(t *testing.T) {
	testserver.Workbook(t, "chapter01-right")
	all, _, err := chapters.Find()
	require.NoError(t, err)
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
