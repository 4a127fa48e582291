package chapters

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestListening looks for the address in the logs of both kinds of chapters.
func TestListening(t *testing.T) {
	tests := map[string]string{
		"2026/11/23 17:53:03 listening on 127.0.0.1:7878\n":                            "127.0.0.1:7878",
		"time=2026-11-23T17:53:03.000Z level=INFO msg=listening addr=127.0.0.1:1234\n": "127.0.0.1:1234",
		"[4711] [INF] Listening for client connections on 127.0.0.1:4222\n":            "127.0.0.1:4222",
		"level=INFO msg=\"taking checks\" broker=nats://127.0.0.1:4222 workers=2\n":    "127.0.0.1:4222",
		"before\nlistening on [::1]:80\nbehind 1.2.3.4:5\n":                            "[::1]:80",
	}
	for text, want := range tests {
		l := newLog(keptLog)
		for _, c := range text { // however it comes
			l.Write([]byte(string(c)))
		}
		assert.Equal(t, want, <-l.addr)
	}
}

func TestLogIsBounded(t *testing.T) {
	l := newLog(keptLog)
	for range 100 {
		l.Write([]byte(strings.Repeat("a", 1000)))
	}
	l.Write([]byte("z"))
	assert.Len(t, l.String(), keptLog)
	assert.True(t, strings.HasSuffix(l.String(), "az"))
	assert.Empty(t, l.addr)
}

func TestUnavailable(t *testing.T) {
	for number := 1; number <= 9; number++ {
		c := Chapter{Number: number}
		assert.Empty(t, c.unavailable("linux"))
		assert.Equal(t, 5 <= number && number <= 7, c.unavailable("windows") != "", number)
	}
}
