package engine

import (
	"fmt"
	"math"
	"math/big"
	"strings"
)

// A part is a part of a reply.
type part struct {
	text  string
	times int    // how often the text comes
	any   bool   // in place of a text: the reason of an error, which is the server's to choose
	n     uint64 // the number whose check the text waits for, if any
}

// A Reply is what a client is to get.
type Reply []part

// maxReason is the longest reason of an error that is taken for one, in bytes.
const maxReason = 200

// Text is a reply of these bytes.
func Text(s string) Reply { return Repeated(s, 1) }

// Repeated is a text that comes a number of times.
func Repeated(s string, times int) Reply { return Reply{{text: s, times: times}} }

// ErrorReply is an error for any reason.
var ErrorReply = Reply{{text: "error: ", times: 1}, {any: true}, {text: "\n", times: 1}}

// RepliesTo returns what a server owes to a client that has sent these bytes and nothing
// before. A frame that has not ended yet is owed its echo so far.
func RepliesTo(sent string) Reply {
	var all Reply
	for {
		_, frame, opened := strings.Cut(sent, "^")
		if !opened {
			return all
		}
		payload, rest, closed := strings.Cut(frame, "$")
		switch {
		case !strings.HasPrefix(payload, "P"):
			all = append(all, part{text: PlusOne(payload), times: 1})
		case closed:
			all = append(all, Verdict(payload[1:])...)
		}
		sent = rest
	}
}

// Number is the request for a number, which may also be none.
func Number(n any) string { return fmt.Sprintf("^P%v$", n) }

// PlusOne returns the echo of a payload.
func PlusOne(payload string) string {
	echo := []byte(payload)
	for i := range echo {
		echo[i]++
	}
	return string(echo)
}

// Verdict returns the reply to a number. ProbablyPrime is right for each that fits into 64
// bits.
func Verdict(digits string) Reply {
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return ErrorReply
	}
	digits = strings.TrimLeft(digits, "0")
	if len(digits) > len("18446744073709551615") {
		return ErrorReply
	}
	n, _ := new(big.Int).SetString("0"+digits, 10)
	if !n.IsUint64() {
		return ErrorReply
	}
	word := "composite\n"
	if n.ProbablyPrime(0) {
		word = "prime\n"
	}
	return Reply{{text: word, times: 1, n: n.Uint64()}}
}

// work returns how many divisions the checks of a reply take at most, if a server divides
// by every odd number.
func (r Reply) work() float64 {
	var divisions float64
	for _, p := range r {
		divisions += math.Sqrt(float64(p.n)) / 2
	}
	return divisions
}

// A matcher compares bytes with a reply, as they come.
type matcher struct {
	left Reply // begins with the part that is not over
	done int   // how many bytes of its text, or of the reason, have come
}

// take returns how many of the bytes are right. If that is not all, the next one is wrong
// or one too many.
func (m *matcher) take(b []byte) int {
	taken := 0
	for taken < len(b) && !m.over() {
		n := m.step(b[taken:])
		if n == 0 {
			break
		}
		taken += n
	}
	return taken
}

// over reports whether the reply is whole.
func (m *matcher) over() bool {
	for len(m.left) > 0 && !m.left[0].any && m.done == m.left[0].times*len(m.left[0].text) {
		m.left, m.done = m.left[1:], 0
	}
	return len(m.left) == 0
}

// step compares with one part, or with one repetition of its text.
func (m *matcher) step(b []byte) int {
	p := m.left[0]
	if p.any {
		return m.reason(b)
	}
	want := p.text[m.done%len(p.text):]
	n := 0
	for n < min(len(want), len(b)) && want[n] == b[n] {
		n++
	}
	m.done += n
	return n
}

// reason takes the reason of an error, up to the newline, but at least one byte of it.
func (m *matcher) reason(b []byte) int {
	n := 0
	for n < len(b) && b[n] != '\n' && m.done+n < maxReason {
		n++
	}
	m.done += n
	if n == len(b) || m.done == 0 {
		return n
	}
	m.left, m.done = m.left[1:], 0
	return n + m.step(b[n:])
}

// rest shows what has not come yet, or the beginning of it.
func (m *matcher) rest() string {
	var rest strings.Builder
	done := m.done
	for _, p := range m.left {
		if p.any {
			rest.WriteString("(any reason)")
		}
		for done < p.times*len(p.text) && rest.Len() <= maxShown {
			next := p.text[done%len(p.text):]
			rest.WriteString(next)
			done += len(next)
		}
		if rest.Len() > maxShown {
			break
		}
		done = 0
	}
	return rest.String()
}
