package hole

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/chapters"
)

// TestShares proves that the processes in which the rest of a chapter's tests run leave none out and
// run none twice: a test that nobody runs accepts every solution.
func TestShares(t *testing.T) {
	all, _, err := chapters.Find()
	require.NoError(t, err)
	for _, c := range all {
		where, _, err := findTests(c.Dir)
		require.NoError(t, err)
		a := &Attempt{where: where}
		shares, err := a.shares([]string{"TestThreeRequests"})
		require.NoError(t, err)
		runs := tests{}
		for _, s := range shares {
			for _, test := range s.tests {
				if test != busy {
					runs[s.folder] = append(runs[s.folder], test)
				}
			}
		}
		runs["."] = append(runs["."], "TestThreeRequests")
		require.Len(t, runs, len(where), c.Dir)
		for folder, want := range where {
			assert.ElementsMatch(t, want, runs[folder], "%s %s", c.Dir, folder)
		}
	}
}
