package chapters_test

import (
	"errors"
	"net"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/testserver"
)

// TestFind looks from a folder below. What is no chapter is left out.
func TestFind(t *testing.T) {
	testserver.Workbook(t, "chapter02-worker-pool", "chapter01-nonblocking")
	require.NoError(t, os.MkdirAll("chapter03-empty", 0o755))
	require.NoError(t, os.MkdirAll("clients/tour", 0o755))
	above, err := os.Getwd()
	require.NoError(t, err)
	t.Chdir("clients/tour")
	all, root, err := chapters.Find()
	require.NoError(t, err)
	assert.Equal(t, above, root)
	require.Len(t, all, 2)
	assert.Equal(t, "1 non-blocking", all[0].String())
	assert.Equal(t, "2 worker pool", all[1].String())

	second, err := chapters.Select(all, 2)
	require.NoError(t, err)
	assert.Equal(t, all[1:], second)
	_, err = chapters.Select(all, 7)
	assert.EqualError(t, err, "there is no chapter 7")
}

func TestFindNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	_, _, err := chapters.Find()
	assert.ErrorContains(t, err, "run this in the workbook")
}

// start builds and starts the only chapter.
func start(t *testing.T, name string) (*chapters.Server, error) {
	program, err := testserver.Workbook(t, name)[0].Build(t.Context(), t.TempDir())
	if err != nil {
		return nil, err
	}
	s, err := chapters.Start(t.Context(), program)
	if err == nil {
		t.Cleanup(s.Stop)
	}
	return s, err
}

func TestStartAndStop(t *testing.T) {
	s, err := start(t, "chapter01-right")
	require.NoError(t, err)
	assert.True(t, testserver.Listens(s.Addr))
	unchanged := errors.New("any")
	assert.Equal(t, unchanged, s.Explain(unchanged))
	assert.NoError(t, s.Explain(nil))

	s.Stop()
	assert.False(t, testserver.Listens(s.Addr))
}

func TestServersThatDoNotStart(t *testing.T) {
	_, err := start(t, "chapter01-unbuildable")
	assert.ErrorContains(t, err, "it does not build: ")
	assert.ErrorContains(t, err, "undefined")
	_, err = start(t, "chapter01-deaf")
	assert.ErrorContains(t, err, "the server has ended (exit status 1)")
	assert.ErrorContains(t, err, "I listen to nobody")
}

// TestExplain proves that a server's end is told in place of what a client has seen.
func TestExplain(t *testing.T) {
	s, err := start(t, "chapter01-mortal")
	require.NoError(t, err)
	conn, err := net.Dial("tcp", s.Addr)
	require.NoError(t, err)
	defer conn.Close()
	conn.Write([]byte("^a$"))
	err = s.Explain(errors.New("reset"))
	assert.ErrorContains(t, err, "the server has ended (exit status 3)")
	assert.ErrorContains(t, err, "I die")
}
