package cases

import (
	"fmt"
	"math"
	"time"

	"example.com/concurrent-network-server/clients/conform/engine"
)

var numberGroup = engine.Group{
	Name: "numbers",
	Rule: "client: ^P digits $ a request whose first payload byte is P: is this number prime? " +
		"server: prime\\n or composite\\n: 0 and 1 are answered composite",
	Cases: []engine.Case{
		{Name: "0 and 1", Run: numbers(0, 1)},
		{Name: "2 and 3", Run: numbers(2, 3)},
		{Name: "up to 100", Run: func(t *engine.Test) {
			all := make([]int, 101)
			for n := range all {
				all[n] = n
			}
			numbers(all[2:]...)(t)
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
	},
}

// tooLong is a check for one of many numbers.
const tooLong = 30 * time.Second

// slowNumber asks for a number that takes long, unless this server would take too long.
func slowNumber(n uint64) func(*engine.Test) {
	return func(t *engine.Test) {
		if d := t.Estimate(engine.Verdict(fmt.Sprint(n))); d > max(tooLong, t.Options.Timeout) {
			t.Skip("the check would take this server %v; -timeout %v tries it", d.Round(time.Second), (2 * d).Round(time.Second))
			return
		}
		numbers(n)(t)
	}
}
