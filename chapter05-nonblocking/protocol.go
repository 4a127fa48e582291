package main

import (
	"bytes"
	"math"
)

// Greeting is what the server sends when it starts to serve a client.
const Greeting = "*"

// A Reason is why a P request can't be answered.
type Reason uint8

const (
	NoDigits Reason = iota + 1
	NotNumber
	TooLarge
)

func (r Reason) String() string {
	return [...]string{NoDigits: "no digits", NotNumber: "not a number", TooLarge: "number too large"}[r]
}

// A Kind says what an Event asks for.
type Kind int

const (
	None    Kind = iota // nothing: the input has ended
	Echo                // send Data back, each byte plus one
	Check               // say whether N is prime
	Invalid             // report Reason
)

// An Event is what the server has to react to.
type Event struct {
	Kind   Kind
	Data   []byte // part of a payload; valid until the input is reused
	N      uint64
	Reason Reason
}

// state is where in a request the parser is.
type state uint8

const (
	outside  state = iota // before a ^
	opened                // after the ^
	inEcho                // in an echo payload
	inNumber              // in a number, after the P
)

// A Parser turns the bytes of one client into events. It remembers where it is
// between two calls of Next, so the bytes may be cut anywhere. The zero value is
// ready to use.
type Parser struct {
	state  state
	digits bool   // whether the number has a digit
	wrong  Reason // what is wrong with the number, if anything; the first reason counts
	n      uint64 // the number so far
}

// Next returns the first event in the input and the rest of the input after it.
// At the end of the input the event's Kind is None.
func (p *Parser) Next(in []byte) (Event, []byte) {
	for i, c := range in {
		switch p.state {
		case outside:
			if c == '^' {
				p.state = opened
			}
		case opened:
			if c != 'P' {
				return p.echo(in[i:])
			}
			*p = Parser{state: inNumber}
		case inEcho:
			return p.echo(in[i:])
		case inNumber:
			if c == '$' {
				return p.number(), in[i+1:]
			}
			p.digit(c)
		}
	}
	return Event{}, nil
}

// echo returns the payload up to a $ or to the end of the input.
func (p *Parser) echo(in []byte) (Event, []byte) {
	end := bytes.IndexByte(in, '$')
	if end < 0 {
		p.state = inEcho
		return Event{Kind: Echo, Data: in}, nil
	}
	p.state = outside
	return Event{Kind: Echo, Data: in[:end]}, in[end+1:]
}

// number returns the event for the number that a $ has ended.
func (p *Parser) number() Event {
	p.state = outside
	switch {
	case p.wrong != 0:
		return Event{Kind: Invalid, Reason: p.wrong}
	case !p.digits:
		return Event{Kind: Invalid, Reason: NoDigits}
	}
	return Event{Kind: Check, N: p.n}
}

// digit adds c to the number.
func (p *Parser) digit(c byte) {
	d := uint64(c - '0')
	switch {
	case p.wrong != 0:
	case d > 9: // c-'0' wraps around below '0'
		p.wrong = NotNumber
	case p.n > (math.MaxUint64-d)/10:
		p.wrong = TooLarge
	default:
		p.n, p.digits = 10*p.n+d, true
	}
}
