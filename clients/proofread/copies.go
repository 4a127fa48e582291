package proofread

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
)

// A Copy is what is the same in several chapters, each of which is a digit: a whole file, or
// some declarations of one that differs otherwise. The name of a type stands for its methods
// too.
type Copy struct{ name, chapters, declarations string }

// Copies are what the chapters share by copying: a repair in one copy has to reach all.
var Copies = []Copy{
	{"prime.go", "123456789", ""},
	{"prime_test.go", "123456789", ""},
	{"check.go", "12345678", ""},
	{"golden_test.go", "123456789", ""},
	{"helper_test.go", "123456789", "checkFunc client dial gate greeted large newGate patience plusOne"},
	{"helper_test.go", "12345678", "startServerWith"},
	{"helper_test.go", "12345", "serve startScript startServer"},
	{"helper_test.go", "67", "newServer serve startServer testedPoller"},
	{"helper_test.go", "123", "newServer"},
	{"helper_test.go", "678", "startScript startServer"},
	{"helper_test.go", "89", "TestMain run serve"},
	{"helper_test.go", "123489", "newPipeListener pipeClient pipeListener"},
	{"helper_test.go", "567", "capture captureLog connectSocket forbidDescriptors newSocket set"},
	{"helper_other_test.go", "567", ""},
	{"chapter_test.go", "38", "TestClientsOverlap"},
	{"chapter_test.go", "56", "TestNoGoroutinePerClient"},
	{"chapter_test.go", "567", "TestServeFails socketless"},
	{"server.go", "1234", "acceptRetry"},
	{"server.go", "56", "loop.closeAll loop.drop"},
	{"server.go", "89", "Server.accept acceptRetry logFailure survive"},
	{"protocol.go", "23456789", ""},
	{"protocol_test.go", "23456789", ""},
	{"example_test.go", "6789", ""},
	{"purity_test.go", "6789", ""},
	{"handler.go", "234", ""},
	{"handler.go", "23456789", "appendEcho"},
	{"handler.go", "789", ""},
	{"handler_test.go", "234789", ""},
	{"server_test.go", "34", ""},
	{"server_test.go", "567", ""},
	{"server_test.go", "89", ""},
	{"server_test.go", "3489", "TestListenerFailsWhileServing"},
	{"server_test.go", "123456789", "TestAddressTaken"},
	{"server_test.go", "1234", "TestLog TestServeWaits TestServeWaitsForTheLast TestStopBetweenChecks hurried"},
	{"server_test.go", "123489", "TestAcceptFails TestListenerFails TestStopWhileAcceptFails lateListener"},
	{"server_test.go", "23456789", "TestFailedCheck TestResetEndsChecks TestEchoBeforeTheDollar TestLargeFrame TestNewClientStartsAfresh TestPipeline " +
		"TestReadyBeforeCheck TestResets TestSessions TestShutdown client.sendAside"},
	{"server_test.go", "3456789", "TestClientThatDoesNotRead TestIdleClient most sendUntilStuck"},
	{"clients_test.go", "89", ""},
	{"conn_test.go", "89", ""},
	{"server/conn_test.go", "89", ""},
	{"poller.go", "67", ""},
	{"poller.go", "567", "Poller Want WantNothing"},
	{"poller_test.go", "67", ""},
	{"poller_test.go", "567", "TestForget TestForgetMovesOne TestHangUpIsReady TestReadable TestWantNothing TestWritable socketPair wait"},
	{"poller_linux_test.go", "67", ""},
	{"poller_linux_test.go", "567", "TestEpollClosesOnExec TestSignal"},
	{"spin.go", "67", ""},
	{"spin.go", "567", "newSpin spin spinPause"},
	{"poll.go", "67", ""},
	{"poll.go", "567", "newPoll poll pollEvents"},
	{"epoll_linux.go", "67", ""},
	{"kqueue_bsd.go", "67", ""},
	{"kqueue_bsd.go", "567", "filters kqueue newKqueue"},
	{"epoll_linux.go", "567", "epoll epollEvents newEpoll"},
	{"alarm.go", "67", ""},
	{"sockets.go", "67", ""},
	{"sockets_linux_test.go", "67", ""},
	{"sockets_linux_test.go", "567", "closesOnExec options"},
	{"io_linux.go", "67", ""},
	{"io_linux.go", "567", "setKeepAlive transfer"},
	{"io_other.go", "67", ""},
	{"logger.go", "567", ""},
	{"logger_test.go", "567", ""},
	{"io_other.go", "567", "setKeepAlive"},
	{"clients.go", "89", ""},
	{"conn.go", "89", ""},
}

// Check compares every copy with the first.
func (c Copy) Check() error {
	var problems []error
	var first string
	var want []part
	for _, number := range c.chapters {
		dir, path, err := find(number, c.name)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		got, err := c.parts(dir, path)
		switch {
		case err != nil:
			problems = append(problems, err)
		case first == "":
			first, want = path, got
		default:
			problems = append(problems, compareParts(first, path, want, got))
		}
	}
	return errors.Join(problems...)
}

// compareParts compares what two files have of a copy.
func compareParts(first, path string, want, got []part) error {
	var problems []error
	for _, w := range want {
		g, ok := named(got, w.name)
		if !ok {
			problems = append(problems, fmt.Errorf("%s: lacks %s, which is in %s", path, w.name, first))
		} else if g.text != w.text {
			problems = append(problems, fmt.Errorf("%s:%d: differs (+) from %s (-):\n%s",
				path, g.line+firstDifference(w.text, g.text), first, cmp.Diff(w.text, g.text)))
		}
	}
	for _, g := range got {
		if _, ok := named(want, g.name); !ok {
			problems = append(problems, fmt.Errorf("%s:%d: has %s, which is not in %s", path, g.line+1, g.name, first))
		}
	}
	return errors.Join(problems...)
}

// find returns the folder of a chapter, and the path of a file that is in it or, if it is not,
// in the folder of one of its packages.
func find(chapter rune, name string) (dir, path string, err error) {
	pattern := fmt.Sprintf("chapter0%c-*", chapter)
	found, err := filepath.Glob(filepath.Join(pattern, name))
	if err == nil && len(found) == 0 {
		found, err = filepath.Glob(filepath.Join(pattern, "*", name))
		found = slices.DeleteFunc(found, inOtherModule)
	}
	if err != nil {
		return "", "", err
	}
	if len(found) != 1 {
		return "", "", fmt.Errorf("%s is not once in chapter %c but in %q", name, chapter, found)
	}
	dir, _, _ = strings.Cut(filepath.ToSlash(found[0]), "/")
	return dir, found[0], nil
}

// inOtherModule reports whether a file's folder is a module of its own, and so no package of
// the chapter.
func inOtherModule(path string) bool {
	_, err := os.Stat(filepath.Join(filepath.Dir(path), "go.mod"))
	return err == nil
}

// firstDifference returns the number of the first line in which two texts differ.
func firstDifference(a, b string) int {
	other := strings.Split(b, "\n")
	for i, line := range strings.Split(a, "\n") {
		if i == len(other) || line != other[i] {
			return i + 1
		}
	}
	return strings.Count(a, "\n") + 2
}
