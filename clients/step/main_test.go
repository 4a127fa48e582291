package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/chapters"
)

// TestDiff proves that a step is shown without tests, and with moved files as moved.
func TestDiff(t *testing.T) {
	all, root, err := chapters.Find()
	require.NoError(t, err)
	cmd, err := diff(all, root, []string{"5", "6"})
	require.NoError(t, err)
	out, err := cmd.Output()
	if err != nil {
		t.Skip("no clone, or no git: ", err)
	}
	assert.Contains(t, string(out), "rename to poller/poller.go")
	assert.Contains(t, string(out), "+package server")
	assert.NotContains(t, string(out), "_test.go")
	assert.NotContains(t, string(out), "README.md")
}

func TestWrongNumbers(t *testing.T) {
	all, root, err := chapters.Find()
	require.NoError(t, err)
	for _, test := range []struct {
		numbers []string
		want    string
	}{
		{nil, "name two chapters"},
		{[]string{"3"}, "name two chapters"},
		{[]string{"3", "x"}, `"x" is no chapter's number`},
		{[]string{"0", "1"}, `"0" is no chapter's number`},
		{[]string{"9", "10"}, "there is no chapter 10"},
	} {
		_, err := diff(all, root, test.numbers)
		assert.ErrorContains(t, err, test.want)
	}
}
