package conform

import (
	"fmt"
	"math"
	"strings"
	"time"

	"example.com/concurrent-network-server/clients/internal/human"
)

var echoCases = []Case{
	{Name: "each byte + 1", Run: echoes("a" + bytesBut("^$P\xff"))},
	{Name: "each byte alone", For: sessions, Run: func(x *exam) {
		streams(strings.Join(framed(strings.Split(bytesBut("^$P\xff"), "")...), ""))(x)
	}},
	{Name: "255 becomes 0", Run: echoes("\xff", "a\xff\xffb")},
	{Name: "no terminator", For: sessions, Run: func(x *exam) {
		p := x.client()
		p.ask("^a$")
		p.quiet(more)
		p.ask("^b$")
		p.finish()
	}},
	{Name: "before the $", For: sessions, Run: func(x *exam) {
		p := x.client()
		p.send("^ab")
		p.expect(text("bc"))
		p.send("c")
		p.expect(text("d"))
		p.send("$")
		p.ask("^ok$")
		p.finish()
	}},
	{Name: "4,096 bytes", Run: echoes(strings.Repeat("a", 4096))},
	{Name: "1 MiB", For: sessions, Run: func(x *exam) { x.large(16) }},
	{Name: "64 MiB", Slow: true, For: sessions, Run: func(x *exam) {
		begin := time.Now()
		x.large(16)
		if d := 64 * time.Since(begin); d > max(tooLong, x.options.Timeout) {
			x.skip("this server would take %s; -timeout %[1]s tries it", human.Duration(d))
			return
		}
		before, known := x.resident()
		x.large(1024)
		x.bounded(before, known)
	}},
}

// A digits is 64 KB whose echo shows when something is lost or comes twice.
var (
	digits     = strings.Repeat("0123456789", 6400)
	echoDigits = plusOne(digits)
)

// large sends an echo of so many times 64 KB.
func (x *exam) large(times int) {
	p := x.client()
	p.send("^")
	p.exchange(digits, times, reply{{text: echoDigits, times: times}})
	p.send("$")
	p.ask("^ok$")
	p.finish()
}

// maxGrowth is by how much the server's memory may grow for a client whose bytes it should
// not keep.
const maxGrowth = 32 << 20

// bounded fails the case if the server has grown by much.
func (x *exam) bounded(before int64, known bool) {
	after, ok := x.resident()
	if growth := after - before; known && ok && growth > maxGrowth {
		x.wrong("the server's memory has grown by %d MiB", growth>>20)
	}
}

var numberCases = []Case{
	{Name: "0 and 1", Run: numbers(0, 1)},
	{Name: "2 and 3", Run: numbers(2, 3)},
	{Name: "up to 100", Run: func(x *exam) {
		all := make([]int, 101)
		for n := range all {
			all[n] = n
		}
		numbers(all[2:]...)(x)
	}},
	{Name: "even numbers", Run: numbers[uint64](4, 1000, 1<<32, 1<<53, 1<<62, 1<<63, math.MaxUint64-1)},
	{Name: "squares of primes", Run: numbers[uint64](9, 25, 49, 121, 10201, 4293001441, 1099509530625+1)},
	{Name: "Carmichael numbers", Run: numbers[uint64](561, 1105, 1729, 2465, 2821, 6601, 8911, 41041, 825265,
		341, 2047, 3215031751, 3825123056546413051)},
	{Name: "around 2^32", Run: numbers[uint64](4294967279, 4294967291, 4294967295, 4294967297, 4294967311)},
	{Name: "over 2^53", LongCheck: true, Run: numbers[uint64](9007199254740993, 9007199254740997)},
	{Name: "over 2^63", Run: numbers[uint64](math.MaxInt64, 1<<63+1, math.MaxUint64-2, math.MaxUint64)},
	{Name: "2^61-1", Slow: true, LongCheck: true, Run: slowNumber(1<<61 - 1)},
	{Name: "2^64-59", Slow: true, LongCheck: true, Run: slowNumber(math.MaxUint64 - 58)},
	{Name: "(2^32-5)^2", Slow: true, LongCheck: true, Run: slowNumber((1<<32 - 5) * (1<<32 - 5))},
}

// slowNumber asks for a number that takes long, unless this server would take too long.
func slowNumber(n uint64) func(*exam) {
	return func(x *exam) {
		if d := x.estimate(verdict(fmt.Sprint(n))); d > max(tooLong, x.options.Timeout) {
			x.skip("the check would take this server %v; -timeout %v tries it", d.Round(time.Second), (2 * d).Round(time.Second))
			return
		}
		numbers(n)(x)
	}
}

var orderCases = []Case{
	{Name: "echoes in one segment", For: sessions, Run: streams(strings.Repeat("^a$^bc$^de$", 60) + "^f$")},
	{Name: "in one segment", For: sessions, Run: streams("^a$^P7$^b$^Px$^cde$^P7$^P7$^f$")},
	{Name: "280 requests in one segment", For: sessions, Run: streams(strings.Repeat("^a$^P7$^b$^Px$^cde$^P7$^f$", 40))},
	{Name: "a long check before an echo", For: sessions, Slow: true, LongCheck: true, Run: func(x *exam) {
		streams(x.longRequest() + "^a$^P7$^b$")(x)
	}},
	{Name: "echoes, cut everywhere", For: sessions, Run: cutEverywhere("x^abc$y^aP7$^d$")},
	{Name: "numbers, cut everywhere", For: sessions, Run: cutEverywhere("^P7$^P104729$x", "^P0000000007$^Px$^P7$")},
	{Name: "all kinds, cut everywhere", For: sessions, Run: cutEverywhere("^abc$^P7$^d$", "x^aP7$^Px$y^P7$^b$")},
	{Name: "one request, cut everywhere", For: single, Run: cutEverywhere("x^abc$", "^aP7$", "^P104729$", "^Px$")},
	{Name: "a long number in pieces", Run: func(x *exam) {
		x.cut([]string{"^", "P", "10", "4", "729", "$"})
		x.cut([]string{"^P", "00000", "00000", "7", "$"})
	}},
}

// streams sends each stream in one segment, and expects the replies and the end.
func streams(all ...string) func(*exam) {
	return func(x *exam) {
		for _, stream := range all {
			p := x.client()
			p.ask(stream)
			p.ask("^ok$")
			p.finish()
		}
	}
}

// cutEverywhere sends each stream byte by byte, and in two segments in all ways.
func cutEverywhere(streams ...string) func(*exam) {
	return func(x *exam) {
		for _, stream := range streams {
			x.cut(strings.Split(stream, ""))
			for i := 1; i < len(stream); i++ {
				x.cut([]string{stream[:i], stream[i:]})
			}
		}
	}
}

// cut sends segments, each by itself. In chapter 1 they are one request.
func (x *exam) cut(segments []string) {
	p := x.client()
	for i, segment := range segments {
		if i > 0 && !p.failed() {
			x.pause()
		}
		p.send(segment)
	}
	p.expect(repliesTo(strings.Join(segments, "")))
	p.leave()
}

var sessionCases = []Case{
	{Name: "after an error", For: sessions, Run: streams("^Px$^P7$^a$", "^Px$^Px$^a$")},
	{Name: "after an error, in turn", For: sessions, Run: numbers("x", "7", "x", "x", "7")},
	{Name: "leading zeros", Run: numbers("007", strings.Repeat("0", 40)+"7", strings.Repeat("0", 4000)+"7")},
	{Name: "1 MiB of zeros", For: sessions, Run: func(x *exam) { x.longNumber("0", text("prime\n")) }},
	{Name: "1 MiB of nines", For: sessions, Run: func(x *exam) { x.longNumber("9", errorReply) }},
	{Name: "120 requests in turn", For: sessions, Run: func(x *exam) {
		p := x.client()
		for i := range 20 {
			p.ask(fmt.Sprintf("^%d$", i))
			p.ask("^P7$")
			p.ask("^a$^b$")
			p.ask("^Px$")
			p.ask("^P7$^c$")
		}
		p.finish()
	}},
	{Name: "a pause", For: sessions, Run: func(x *exam) {
		p := x.client()
		p.ask("^a$")
		p.quiet(3 * more)
		p.ask("^b$")
		p.finish()
	}},
}

// longNumber sends a number of a million digits that ends with a 7.
func (x *exam) longNumber(digit string, want reply) {
	p := x.client()
	p.exchange("^P"+strings.Repeat(digit, 1<<20)+"7$", 1, want)
	p.ask("^ok$")
	p.finish()
}
