package lab

import (
	"bytes"
	"cmp"
)

// owed is what a server still has to send to a client, by the protocol in the README: a byte
// for each byte of an echo, and a line for each number, also for one that is refused.
type owed struct {
	state state
	n     []byte // the digits of a number so far, or the first of them
	runs  []run
}

type state int

const (
	between state = iota // frames
	first                // byte of a frame
	echo
	number
)

// A run is that many bytes, or lines, one after the other.
type run struct {
	lines bool
	n     int
}

// sent takes note of what the client has sent.
func (o *owed) sent(data []byte) {
	for _, c := range data {
		switch {
		case o.state == between:
			if c == '^' {
				o.state = first
			}
		case c == '$':
			if o.state == number {
				o.add(true)
			}
			o.state = between
		case o.state == first && c == 'P':
			o.state, o.n = number, o.n[:0]
		case o.state == number:
			if len(o.n) <= shown {
				o.n = append(o.n, c)
			}
		default:
			o.state = echo
			o.add(false)
		}
	}
}

// parser says where a parser is that has read all of it, and what it has to remember. This is told of the
// protocol: a server keeps its own to itself.
func (o *owed) parser() string {
	switch o.state {
	case first:
		return "in a frame"
	case echo:
		return "in an echo"
	case number:
		return "in a number: " + cmp.Or(quote(o.n), "no digit yet")
	}
	return "outside"
}

func (o *owed) add(line bool) {
	if len(o.runs) == 0 || o.runs[len(o.runs)-1].lines != line {
		o.runs = append(o.runs, run{lines: line})
	}
	o.runs[len(o.runs)-1].n++
}

// received takes note of what the server has sent. What it did not owe is left out.
func (o *owed) received(data []byte) {
	for len(data) > 0 && len(o.runs) > 0 {
		r := &o.runs[0]
		took := min(r.n, len(data))
		if r.lines {
			end := bytes.IndexByte(data, '\n')
			if end < 0 {
				return
			}
			took, r.n = end+1, r.n-1
		} else {
			r.n -= took
		}
		data = data[took:]
		if r.n == 0 {
			o.runs = o.runs[1:]
		}
	}
}

// nothing reports whether all replies have come.
func (o *owed) nothing() bool { return len(o.runs) == 0 }
