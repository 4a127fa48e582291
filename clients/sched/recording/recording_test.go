//go:build unix

package recording

import (
	"bytes"
	"context"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/load"
	"example.com/concurrent-network-server/clients/internal/script"
	"example.com/concurrent-network-server/clients/internal/testserver"
	"example.com/concurrent-network-server/clients/sched/trace"
)

func findChapter(t *testing.T, number int) chapters.Chapter {
	all, _, err := chapters.Find()
	require.NoError(t, err)
	list, err := chapters.Select(all, number)
	require.NoError(t, err)
	require.NoError(t, chapters.Watch(list[0].Dir))
	return list[0]
}

func names(cast *trace.Cast) (names []string) {
	for _, row := range cast.Rows {
		if row.Client != trace.Nobody {
			names = append(names, row.Name)
		}
	}
	return names
}

// TestScript records the script with a chapter, or with ALL=1 with each, and with a prime that
// takes a quarter of the divisions. The script itself compares the replies.
func TestScript(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	before := script.Clients[0].Payload
	t.Cleanup(func() { script.Clients[0].Payload = before })
	script.Clients[0].Payload = "P144115188075855859"
	numbers := []int{7}
	if os.Getenv("ALL") == "1" {
		numbers = []int{1, 2, 3, 4, 5, 6, 7, 8, 9}
	}
	for _, number := range numbers {
		c := findChapter(t, number)
		t.Run(c.String(), func(t *testing.T) {
			program, err := Build(t.Context(), c, t.TempDir())
			require.NoError(t, err)
			text, err := Record(t.Context(), c, program, "script", nil)
			require.NoError(t, err)
			read, err := trace.Read(bytes.NewReader(text))
			require.NoError(t, err)
			cast := read.Cast()
			assert.Equal(t, []string{"LongPrime", "Echo", "SmallPrime"}, names(cast))
			assert.Equal(t, number == 1 || number == 2 || number == 5 || number == 6, cast.Missing != "", cast.Missing)
		})
	}
}

// TestStandsRunnable holds the only P of chapter 8 busy with three checks, and proves that the
// echo's goroutine stands runnable while one of them runs. A request may come before its goroutine
// has stopped to wait for it, and on a busy machine the next ones too; then there are more.
func TestStandsRunnable(t *testing.T) {
	t.Setenv("GOMAXPROCS", "1")
	c := findChapter(t, 8)
	program, err := Build(t.Context(), c, t.TempDir())
	require.NoError(t, err)
	run := trace.Run{Chapter: 8, Flags: []string{"-grace", "1ms"}}
	for echoes := 5; ; echoes *= 2 {
		text, err := record(t.Context(), program, run, func(ctx context.Context, addr string, _ *trace.Run) error {
			return besideThree(t, addr, echoes)
		})
		require.NoError(t, err)
		read, err := trace.Read(bytes.NewReader(text))
		require.NoError(t, err)
		require.Len(t, read.Ps, 1)
		cast := read.Cast()
		require.Len(t, cast.Rows, 4)
		if standsBeside(read, cast) {
			break
		}
		require.Less(t, echoes, 200, "nobody has run while the echo's goroutine stood runnable")
	}
}

func besideThree(t *testing.T, addr string, echoes int) error {
	for range 3 {
		c := greeted(t, addr)
		defer c.Close()
		io.WriteString(c, "^P2305843009213693951$")
	}
	c := greeted(t, addr)
	defer c.Close()
	for n := range echoes {
		if err := c.Echo(uint64(n)); err != nil {
			return err
		}
	}
	return nil
}

func greeted(t *testing.T, addr string) *load.Client {
	c, err := load.Target{Addr: addr}.Dial(t.Context())
	require.NoError(t, err)
	require.NoError(t, c.Greeted())
	return c
}

// standsBeside reports whether one of the primes runs while the last client stands runnable.
func standsBeside(read *trace.Trace, cast *trace.Cast) bool {
	for _, s := range cast.Rows[3].Spans {
		for _, slice := range read.Ps[0] {
			client := cast.Client(slice.Goroutine, slice.From)
			if s.State == trace.Stands && slice.From < s.To && slice.To > s.From && client >= 0 && client < 3 {
				return true
			}
		}
	}
	return false
}

// TestChapterUnchanged proves that the tracer leaves nothing in the chapter's folder, and that
// what is built without it is byte for byte what it was.
func TestChapterUnchanged(t *testing.T) {
	c := findChapter(t, 3)
	build := func(build func(dir string) (string, error)) []byte {
		program, err := build(t.TempDir())
		require.NoError(t, err)
		text, err := os.ReadFile(program)
		require.NoError(t, err)
		return text
	}
	plain := func(dir string) (string, error) { return c.Build(t.Context(), dir) }
	files, err := os.ReadDir(c.Dir)
	require.NoError(t, err)
	before := build(plain)
	traced := build(func(dir string) (string, error) { return Build(t.Context(), c, dir) })
	assert.True(t, bytes.Contains(traced, []byte("runtime/trace.Start")), "there is no tracer in it")
	assert.True(t, bytes.Equal(before, build(plain)), "the program has changed")
	assert.False(t, bytes.Contains(before, []byte("runtime/trace.Start")))
	left, err := os.ReadDir(c.Dir)
	require.NoError(t, err)
	assert.Equal(t, len(files), len(left))
}

// TestWrongServers proves that it says what is wrong with a server, in one line.
func TestWrongServers(t *testing.T) {
	testserver.Workbook(t, "chapter03-deaf", "chapter04-mortal", "chapter05-liar", "chapter06-unbuildable")
	for number, want := range map[int]string{
		3: "the server has ended (exit status 1): ",
		4: "the server has ended (exit status 3): ",
		5: `LongPrime: the reply is "qrime\n"`,
		6: "it does not build: ",
	} {
		c := findChapter(t, number)
		program, err := Build(t.Context(), c, t.TempDir())
		if err == nil {
			_, err = Record(t.Context(), c, program, "script", nil)
		}
		require.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "\n")
	}
}

// TestServerEndsEarly proves that there is no trace if the server ends before it, though the
// clients have noticed nothing.
func TestServerEndsEarly(t *testing.T) {
	testserver.Workbook(t, "chapter04-mortal")
	c := findChapter(t, 4)
	program, err := Build(t.Context(), c, t.TempDir())
	require.NoError(t, err)
	text, err := record(t.Context(), program, trace.Run{}, func(_ context.Context, addr string, _ *trace.Run) error {
		c := greeted(t, addr)
		io.WriteString(c, "^echo$")
		io.Copy(io.Discard, c) // until it has ended
		return nil
	})
	if err == nil {
		_, err = trace.Read(bytes.NewReader(text))
	}
	require.Error(t, err)
	assert.Regexp(t, "the server has ended|the trace is cut short", err.Error())
}

// TestTooLong has a server that writes until nobody wants to know more. The trace is ended, and
// what comes meanwhile holds up nobody.
func TestTooLong(t *testing.T) {
	theirOrders, orders, err := os.Pipe()
	require.NoError(t, err)
	defer theirOrders.Close()
	out, theirOut, err := os.Pipe()
	require.NoError(t, err)
	go func() {
		defer theirOut.Close()
		text := make([]byte, 1<<20)
		for range 3 { // more than a pipe has room for
			theirOut.Write(text)
		}
		io.Copy(theirOut, theirOrders)
	}()
	tap := &Tap{orders: orders, out: out, done: make(chan error, 1)}
	defer tap.Close()
	tap.done <- tap.read(2 << 20)
	_, err = tap.End(trace.Run{})
	assert.EqualError(t, err, "the trace is cut short: it has more than 2 MiB")
}
