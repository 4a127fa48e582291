// Package report shows what has been measured: as Markdown, as JSON and as charts.
package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A Report is everything about one run.
type Report struct {
	Date    time.Time         `json:"date"`
	Commit  string            `json:"commit"`
	Machine Machine           `json:"machine"`
	Options map[string]string `json:"options"` // the values of the flags, by name
	Results []Result          `json:"results"`
}

// A Result is what a scenario has measured with a server.
type Result struct {
	Scenario string             `json:"scenario"`
	Server   string             `json:"server"`
	Runs     int                `json:"runs,omitempty"`
	Values   map[string]float64 `json:"values,omitempty"`  // medians of the runs
	Spreads  map[string]Spread  `json:"spreads,omitempty"` // of the same, if there are two runs or more
	Note     string             `json:"note,omitempty"`    // what to know about the values
	Unknown  string             `json:"unknown,omitempty"` // why some values are not there
	Missing  string             `json:"missing,omitempty"` // why there are no values
}

// of returns the results of a scenario.
func (r *Report) of(scenario string) []Result {
	return slices.DeleteFunc(slices.Clone(r.Results), func(result Result) bool { return result.Scenario != scenario })
}

// expand replaces the names of options in a text with their values: {primes} with 8.
func (r *Report) expand(text string) string {
	return regexp.MustCompile(`{\w+}`).ReplaceAllStringFunc(text, func(name string) string {
		return r.Options[strings.Trim(name, "{}")]
	})
}

// Save writes the files into a folder: the report itself as JSON and Markdown, and a
// chart for each scenario that has results.
func (r *Report) Save(dir string) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	text = bytes.ReplaceAll(text, []byte(`{"scenario"`), []byte("\n"+`{"scenario"`)) // a line each
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, c := range charts {
		results := r.of(c.scenario)
		if len(results) == 0 {
			continue
		}
		c.title = r.expand(c.title)
		if err := c.draw(results, r.caption()).Save(filepath.Join(dir, c.file)); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "bench.json"), append(text, '\n'), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "bench.md"), []byte("# Measured by bench\n\n"+r.markdown(true)), 0o644)
}
