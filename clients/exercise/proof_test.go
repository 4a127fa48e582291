package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/terminal"
)

// TestExercises proves that each exercise fails for the reason that its text gives, and that the
// wrong solutions of one are found out. ALL=1 .ci/run tries those of all, and also the tests that
// an exercise does not name, its solution, and other systems.
func TestExercises(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	all, _, err := chapters.Find()
	require.NoError(t, err)
	for _, c := range all {
		require.NoError(t, chapters.Watch(c.Dir))
	}
	require.NoError(t, chapters.Watch("testdata"))
	for _, args := range [][]string{{"prove"}, {"prove", "-wrong", "3.2"}} {
		var out strings.Builder
		err = run(t.Context(), args, nil, terminal.Pipe(&out))
		require.NoError(t, err, out.String())
	}
}
