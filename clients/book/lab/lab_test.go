package lab

import (
	"testing"
	"time"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"github.com/stretchr/testify/require"
)

func TestTry(t *testing.T) {
	list, _, err := chapters.Find()
	require.NoError(t, err)
	l := New(list)
	defer l.Close()
	for _, id := range []string{"1.1", "1.2", "3.3", "4.2", "5.2", "8.2", "8.3", "9.3"} {
		e, err := find(id)
		require.NoError(t, err)
		_, err = l.Start([]int{e.Chapter}); require.NoError(t, err)
		_, _, leave := l.watch()
		s := l.session()
		i := 0
		begin := time.Now()
		played := false
	loop:
		for time.Since(begin) < 30*time.Second {
			events, more := s.history.since(i)
			for _, e := range events {
				t.Logf("%7d %d %s %d %s", e.At/1000, e.Client, e.Kind, e.Bytes, e.Text)
				if e.Kind == Started && !played {
					played = true
					require.NoError(t, l.Do(Request{Do: "play", Text: id}))
				}
				if e.Kind == Done || e.Kind == Problem {
					break loop
				}
			}
			i += len(events)
			select {
			case <-more:
			case <-time.After(time.Second):
			}
		}
		t.Logf("%+v", s.lastSample())
		leave()
	}
}
