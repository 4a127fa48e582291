package main

import (
	"cmp"
	"encoding/json"
	"io"

	"example.com/concurrent-network-server/clients/conform/engine"
)

// A jsonReporter writes an object for each case, on a line of its own.
type jsonReporter struct{ out io.Writer }

// A verdict is that object.
type verdict struct {
	Case    string          `json:"case"` // group/name
	Rule    string          `json:"rule"`
	Result  string          `json:"result"`         // kept, broken or not tried
	Dead    bool            `json:"dead,omitempty"` // nobody was served afterwards
	Seconds float64         `json:"seconds"`
	Reason  string          `json:"reason,omitempty"` // why it was not tried
	Failure *engine.Failure `json:"failure,omitempty"`
}

func (j *jsonReporter) result(r engine.Result) {
	v := verdict{Case: r.Name(), Rule: r.Group.Rule, Result: "kept", Dead: r.Dead, Seconds: r.Elapsed.Seconds()}
	switch {
	case r.Failure != nil:
		v.Result, v.Failure = "broken", r.Failure
		v.Rule = cmp.Or(r.Failure.Rule, v.Rule)
	case r.Skipped != "":
		v.Result, v.Reason = "not tried", r.Skipped
	}
	encoder := json.NewEncoder(j.out)
	encoder.SetEscapeHTML(false)
	encoder.Encode(v)
}

func (j *jsonReporter) begin(*engine.Server, int)     {}
func (j *jsonReporter) try(engine.Group, engine.Case) {}
func (j *jsonReporter) endGroup(engine.Group)         {}

// end writes what was not tried, too.
func (j *jsonReporter) end(left []engine.Result) {
	for _, r := range left {
		j.result(r)
	}
}
