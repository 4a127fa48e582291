//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// A logger writes for a loop that must not wait: not for a terminal that is held with
// Ctrl-S, nor for a pipe that nobody reads. A goroutine waits instead. What is logged
// while it has too many lines to write is dropped, and counted.
type logger struct {
	lines   chan []byte
	dropped atomic.Int64
	done    chan struct{}
}

// newLogger returns a logger that writes to w until it is closed.
func newLogger(w io.Writer) *logger {
	l := &logger{lines: make(chan []byte, 100), done: make(chan struct{})}
	go l.run(w)
	return l
}

func (l *logger) run(w io.Writer) {
	defer close(l.done)
	for line := range l.lines {
		w.Write(line)
		if n := l.dropped.Swap(0); n > 0 {
			fmt.Fprintf(w, "the log was too slow: %d lines are missing\n", n)
		}
	}
}

// Write never blocks, and never fails.
func (l *logger) Write(line []byte) (int, error) {
	select {
	case l.lines <- bytes.Clone(line): // package log uses its buffer again
	default:
		l.dropped.Add(1)
	}
	return len(line), nil
}

// Close waits until the lines are written, but not for long. Nothing may be logged after it.
func (l *logger) Close() {
	close(l.lines)
	select {
	case <-l.done:
	case <-time.After(time.Second / 4):
	}
}
