package site

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A Lane is what happens to one client of the script. Its times are in thousandths of the
// time until the last client has its reply.
type Lane struct {
	Name       string
	Connected  int
	Wait, Work int // how long until it is greeted, and from then until it has its reply
	Place      int // in the order of the answers, from 1
}

var (
	description = regexp.MustCompile(`(?s)<desc[^>]*>(.*?)</desc>`)
	story       = regexp.MustCompile(`(\w+) connects after (\S+), is greeted after (\S+), asks after \S+ and is answered after (\S+?)\.\s`)
	finish      = regexp.MustCompile(`in the order ([\w, ]+)\.`)
)

// lanes reads what clients/tour has written into the description of a timeline, for those
// who can't see it. Without a timeline there are none.
func lanes(fsys fs.FS, name string) ([]Lane, error) {
	svg, err := fs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	text := description.Find(svg)
	order := finish.FindSubmatch(text)
	if order == nil {
		return nil, fmt.Errorf("%s: its description does not say in which order the clients are answered", name)
	}
	places := strings.Split(string(order[1]), ", ")
	var names []string
	var times [][3]time.Duration
	for _, match := range story.FindAllSubmatch(text, -1) {
		var at [3]time.Duration
		for i := range at {
			if at[i], err = time.ParseDuration(string(match[i+2])); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		names, times = append(names, string(match[1])), append(times, at)
	}
	return scale(names, times, places), nil
}

func scale(names []string, times [][3]time.Duration, places []string) []Lane {
	end := time.Duration(1)
	for _, at := range times {
		end = max(end, at[2])
	}
	var list []Lane
	for i, at := range times {
		part := func(d time.Duration) int { return int(1000 * d / end) }
		list = append(list, Lane{names[i], part(at[0]), part(at[1]) - part(at[0]), part(at[2]) - part(at[1]),
			slices.Index(places, names[i]) + 1})
	}
	return list
}
