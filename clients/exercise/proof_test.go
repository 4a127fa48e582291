package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/terminal"
)

// TestExercises proves that the first exercise of each chapter, and one that brings a package of its
// own, fail for the reason that their texts give, and that the wrong solutions of one are found out.
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
	first := []string{"prove", "1.1", "2.1", "3.1", "4.1", "5.1", "6.1", "7.1", "8.1", "9.1", "2.4"}
	for _, args := range [][]string{first, {"prove", "-wrong", "3.2"}} {
		var out strings.Builder
		err = run(t.Context(), args, nil, terminal.Pipe(&out))
		require.NoError(t, err, out.String())
	}
}
