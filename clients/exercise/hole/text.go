package hole

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Text is what the .md of an exercise says. The pieces are Markdown.
type Text struct {
	Title   string
	Lead    string // why it is worth doing
	Level   string // warm-up, core or another
	Minutes int    // that it takes somebody who has read the chapter
	Task    string
	Works   string // what there is to see when it works
	Tests   []Test
	// Suffers are other tests of the chapter that fail as long as the hole is there.
	Suffers []string
	Hints   []string // from a nudge to nearly the line
}

// A Test is one that fails as long as the hole is there.
type Test struct {
	Name    string // TestRequests/echo, or handler.TestNoAllocation if two packages have one
	Message string // a part of what it says in the hole
	Meaning string
}

// levels are the kinds of exercises: three that fill a hole, from the easiest, and two that are tasks.
var levels = []string{"warm-up", "core", "stretch", "transfer", "project"}

var (
	levelMark = regexp.MustCompile(`^\*\*([A-Za-z-]+), (\d+) minutes\.\*\* `)
	testItem  = regexp.MustCompile("(?s)^`([^`]+)` says (?:`` (.+?) ``|`([^`]+)`): (.+)$")
	otherItem = regexp.MustCompile("(?s)^`([^`]+)`: (.+)$")
	hintMark  = regexp.MustCompile(`(?s)<details>\s*<summary>Hint (\d+)</summary>(.*?)</details>`)
)

// Parse reads the .md of an exercise: a title, a paragraph that says why, one that begins
// with the level, and the sections in their order.
func Parse(text string) (Text, error) {
	parts := strings.Split("\n"+strings.TrimSpace(text), "\n## ")
	head := strings.SplitN(strings.TrimSpace(parts[0]), "\n\n", 3)
	if len(head) != 3 || !strings.HasPrefix(head[0], "# ") {
		return Text{}, errors.New("it begins with # and the title, a paragraph that says why, and one that begins with **Core, 15 minutes.** or another level")
	}
	level := levelMark.FindStringSubmatch(head[2])
	if level == nil || !slices.Contains(levels, strings.ToLower(level[1])) {
		return Text{}, errors.New("the paragraph before ## Your task begins with **Warm-up, 5 minutes.**, **Core, 15 minutes.** and so on; the levels are " + strings.Join(levels, ", "))
	}
	t := Text{Title: strings.TrimPrefix(head[0], "# "), Lead: head[1], Level: strings.ToLower(level[1])}
	t.Minutes, _ = strconv.Atoi(level[2])
	t.Task = strings.TrimSpace(strings.TrimPrefix(head[2], level[0]))
	return t, t.sections(parts[1:])
}

// sections reads what comes after the head.
func (t *Text) sections(parts []string) error {
	found := map[string]string{}
	var names []string
	for _, part := range parts {
		name, body, _ := strings.Cut(part, "\n")
		found[name] = strings.TrimSpace(body)
		names = append(names, name)
	}
	const want = "Your task, When it works, Tests, Hints"
	if got := strings.Replace(strings.Join(names, ", "), ", These fail too", "", 1); got != want {
		return fmt.Errorf("the sections are %s, with These fail too after Tests if there are any; not %s", want, got)
	}
	t.Task += "\n\n" + found["Your task"]
	t.Works = found["When it works"]
	if err := t.tests(found["Tests"]); err != nil {
		return err
	}
	for _, item := range items(found["These fail too"]) {
		match := otherItem.FindStringSubmatch(item)
		if match == nil {
			return fmt.Errorf("under These fail too, write - `TestName`: why, not %q", item)
		}
		t.Suffers = append(t.Suffers, match[1])
	}
	return t.hints(found["Hints"])
}

// tests reads the section that names the tests.
func (t *Text) tests(section string) error {
	for _, item := range items(section) {
		match := testItem.FindStringSubmatch(item)
		if match == nil {
			return fmt.Errorf("under Tests, write - `TestName` says `a part of its message`: what it means, not %q", item)
		}
		t.Tests = append(t.Tests, Test{match[1], match[2] + match[3], match[4]})
	}
	if len(t.Tests) == 0 {
		return errors.New("it names no test")
	}
	return nil
}

// hints reads the hints, which are folded.
func (t *Text) hints(section string) error {
	for i, match := range hintMark.FindAllStringSubmatch(section, -1) {
		if match[1] != fmt.Sprint(i+1) {
			return fmt.Errorf("hint %d is called Hint %s", i+1, match[1])
		}
		t.Hints = append(t.Hints, strings.TrimSpace(match[2]))
	}
	if len(t.Hints) < 2 {
		return errors.New("it needs two hints at least, each between <details><summary>Hint 1</summary> and </details>")
	}
	return nil
}

// items returns the items of a list, each in one line.
func items(section string) []string {
	var list []string
	for _, item := range strings.Split("\n"+section, "\n- ")[1:] {
		list = append(list, strings.Join(strings.Fields(item), " "))
	}
	return list
}
