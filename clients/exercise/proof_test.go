package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/terminal"
)

// TestExercises proves that exercises of four kinds fail for the reason that their texts give: a hole in
// the chapter's own package, one in a package of two that have a test of that name, one that hides other
// answers, and a task that brings a package of its own; and that the wrong solutions of one are found out.
// ALL=1 .ci/run does all of that for all of them, and also tries the tests that an exercise does not
// name, its solution, and other systems.
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
	for _, args := range []string{"prove 3.2 6.2 9.1 2.4", "prove -wrong 3.2"} {
		var out strings.Builder
		err = run(t.Context(), strings.Fields(args), nil, terminal.Pipe(&out))
		require.NoError(t, err, out.String())
	}
}
