// Package booktest opens the workbook for tests that look at the whole of it.
package booktest

import (
	"io/fs"
	"testing"

	"example.com/concurrent-network-server/clients/book/repo"
	"example.com/concurrent-network-server/clients/internal/chapters"
	"github.com/stretchr/testify/require"
)

// Open returns the files of the workbook, and its chapters. The test is skipped where this
// module stands alone, and with -short: what it finds does not depend on the machine.
func Open(t *testing.T) (fs.FS, []chapters.Chapter) {
	t.Helper()
	if testing.Short() {
		t.Skip("the whole workbook is looked at without -short")
	}
	list, root, err := chapters.Find()
	if err != nil {
		t.Skip("the workbook is not here: ", err)
	}
	fsys, err := repo.Open(root)
	require.NoError(t, err)
	return fsys, list
}
