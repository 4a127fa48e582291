package hole

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const listing = `goroutine 1 [chan receive, 1 minutes]:
testing.(*T).Run(0x1, {0x2, 0x7}, 0x3)
	testing/testing.go:2005 +0x44
goroutine 8 [select]:
example.com/adder/poller.(*Poll).Wait(0xc0001)
	example.com/adder/poller/poll.go:40 +0x1d
example.com/adder.TestWait(0xc0002)
	example.com/adder/add_test.go:9 +0x1d
created by testing.(*T).Run in goroutine 1
	testing/testing.go:2005 +0x4a
goroutine 9 [running]:
example.com/adder.(*Server).Serve.func1({0x1, 0x2})
	example.com/adder/server.go:30 +0x1d
goroutine 10 [chan send (durable)]:
example.com/adder.Last(...)
	example.com/adder/last.go:1
created by example.com/adder.Go in goroutine 9
	example.com/adder/go.go:3 +0x1
`

// TestHung proves that of several goroutines the one that runs is named, and of those that
// wait the first, without the tests and without what only started it.
func TestHung(t *testing.T) {
	a := &Attempt{module: "example.com/adder", open: []string{"poller/poll.go", "last.go"}}
	assert.Equal(t, Outcome{Test: "TestX", State: Hung, Message: "it runs and runs in (*Server).Serve.func1",
		Frames: []Frame{{"server.go:30", "(*Server).Serve.func1"}}}, a.hung("TestX", listing))
	waiting := listing
	waiting = waiting[:strings.Index(waiting, "goroutine 9 ")]
	assert.Equal(t, Outcome{Test: "TestX", State: Hung, Message: "it waits in (*Poll).Wait (select)",
		Frames: []Frame{{"poller/poll.go:40", "(*Poll).Wait"}}}, a.hung("TestX", waiting))
	last := listing[strings.Index(listing, "goroutine 10"):]
	assert.Equal(t, Outcome{Test: "TestX", State: Hung, Message: "it waits in Last (chan send)",
		Frames: []Frame{{"last.go:1", "Last"}}}, a.hung("TestX", last))
	assert.Equal(t, nothing, a.hung("TestX", "goroutine 1 [running]:\n").Message)
	a.open = []string{"last.go"}
	assert.Equal(t, "it waits in Last (chan send)", a.hung("TestX", waiting+last).Message, "the file that the exercise is about comes first")
	a.open = nil
	assert.Equal(t, "something that the test waits for doesn't happen; meanwhile it waits in (*Poll).Wait (select)", a.hung("TestX", waiting).Message)
}
