package cases

import (
	"math/big"
	"strconv"
	"time"
)

// digit takes a byte of a number.
func (v *session) digit(c byte) bool {
	v.length++
	isDigit := '0' <= c && c <= '9'
	switch {
	case c == '$':
		v.state = outside
		v.asked++
		return v.number()
	case isDigit:
		if v.length > 32 && v.is("takes 32 digits") {
			v.wrong = true
		}
		v.some = true
		if len(v.digits) < 25 && (len(v.digits) > 0 || c != '0') {
			v.digits = append(v.digits, c)
		}
	case c == ' ' && v.is("trims spaces"):
	case c == '\r' && v.is("ignores a carriage return"):
	case c == '^' && v.wrong && v.is("begins anew at a ^ in a wrong number"):
		v.state, v.length = opened, 0
	case (c == '+' || c == '-') && !v.some && v.is("takes signs"):
	default:
		if v.is("complains about each byte") {
			v.out = append(v.out, "error: not a digit\n"...)
		}
		v.wrong = true
	}
	return true
}

func (v *session) number() bool {
	reply, ok := v.verdict()
	if v.gone {
		return false
	}
	if v.is("replies out of order") && len(v.digits) > 15 {
		go func() {
			time.Sleep(checkTime)
			v.conn.Write([]byte(reply))
		}()
		return true
	}
	v.said.Store(reply)
	if v.is("has Nagle's delays") {
		v.flush()
	}
	if n, _ := strconv.ParseUint(string(v.digits), 10, 64); ok && n >= largeNumber {
		v.compute(n)
	}
	if v.is("mixes up verdicts") {
		reply = v.said.Load().(string)
	}
	v.out = append(v.out, reply...)
	return !v.tired() && (ok || !v.is("hangs up after an error"))
}

// compute takes its time.
func (v *session) compute(n uint64) {
	if !v.is("holds back what is ready") {
		v.flush()
	}
	if v.is("divides") {
		for d := uint64(3); d <= n/d && n%d != 0; d += 2 {
		}
		return
	}
	time.Sleep(checkTime)
	if v.is("computes in the loop") { // and then lets the others have their turn
		<-v.working
		v.working <- struct{}{}
	}
}

// verdict returns the reply to the number, and whether it is one.
func (v *session) verdict() (string, bool) {
	switch {
	case v.wrong && v.is("complains about each byte"):
		return "", false
	case !v.some && v.is("takes nothing for 0"):
	case !v.some && v.is("gives no reason"):
		return "error: \n", false
	case !v.some:
		return "error: no digits\n", false
	case v.wrong && v.length > 42 && v.is("has a short buffer for errors"):
		return "error: not a number", false
	case v.wrong:
		return "error: not a number\n", false
	}
	n, _ := new(big.Int).SetString("0"+string(v.digits), 10)
	if v.is("overflows at 2^64") {
		n.And(n, new(big.Int).SetUint64(1<<64-1))
	}
	if v.is("looks for an overflow afterwards") {
		n = v.wrapped()
	}
	if !n.IsUint64() || v.is("has signed numbers") && !n.IsInt64() ||
		v.is("has no 2^64-1") && n.Uint64() == 1<<64-1 {
		return "error: too large\n", false
	}
	if v.isPrime(n.Uint64()) {
		return "prime\n", true
	}
	if v.is("has another word") {
		return "not prime\n", true
	}
	return "composite\n", true
}

// wrapped returns the number in 64 bits, or one that is too large if it became smaller with a
// digit.
func (v *session) wrapped() *big.Int {
	var n uint64
	for _, c := range v.digits {
		next := 10*n + uint64(c-'0')
		if next < n {
			return new(big.Int).Lsh(big.NewInt(1), 64)
		}
		n = next
	}
	return new(big.Int).SetUint64(n)
}

func (v *session) isPrime(n uint64) bool {
	switch {
	case v.is("has 32 bits"):
		n = uint64(uint32(n))
	case v.is("has floating point"):
		n = uint64(float64(n))
	case v.is("calls 1 prime") && n == 1:
		return true
	case v.is("calls 2 composite") && n == 2:
		return false
	case v.is("believes Fermat") && n > 3 && n%2 == 1:
		base, m := big.NewInt(2), new(big.Int).SetUint64(n)
		return base.Exp(base, new(big.Int).SetUint64(n-1), m).Cmp(big.NewInt(1)) == 0
	case v.is("stops before the square root"):
		root := new(big.Int).Sqrt(new(big.Int).SetUint64(n)).Uint64()
		if root > 2 && root*root == n && new(big.Int).SetUint64(root).ProbablyPrime(0) {
			return true
		}
	}
	return new(big.Int).SetUint64(n).ProbablyPrime(0)
}
