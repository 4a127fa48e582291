// Package chapters finds, builds and runs the servers of the workbook.
package chapters

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// A Chapter is a folder of the workbook.
type Chapter struct {
	Number int
	Name   string // worker pool
	Dir    string
}

func (c Chapter) String() string { return fmt.Sprintf("%d %s", c.Number, c.Name) }

var folder = regexp.MustCompile(`^chapter(\d\d)-([a-z-]+)$`)

// Find returns the chapters in their order and the folder that holds them: the current
// one or one above it.
func Find() (chapters []Chapter, root string, err error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, "", err
	}
	for {
		chapters, err := list(dir)
		if len(chapters) > 0 || err != nil {
			return chapters, dir, err
		}
		above := filepath.Dir(dir)
		if above == dir {
			return nil, "", fmt.Errorf("no folder with the chapters here or above: run this in the workbook")
		}
		dir = above
	}
}

// list returns the chapters in a folder. ReadDir sorts them.
func list(dir string) ([]Chapter, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var chapters []Chapter
	for _, entry := range entries {
		match := folder.FindStringSubmatch(entry.Name())
		if match == nil {
			continue
		}
		path := filepath.Join(dir, entry.Name())
		if _, err := os.Stat(filepath.Join(path, "go.mod")); err != nil {
			continue // nothing to build
		}
		number, _ := strconv.Atoi(match[1])
		name := strings.NewReplacer("-", " ", "nonblocking", "non-blocking").Replace(match[2])
		chapters = append(chapters, Chapter{number, name, path})
	}
	return chapters, nil
}

// Select returns the chapter of that number, or all if it is 0.
func Select(chapters []Chapter, number int) ([]Chapter, error) {
	if number == 0 {
		return chapters, nil
	}
	for _, c := range chapters {
		if c.Number == number {
			return []Chapter{c}, nil
		}
	}
	return nil, fmt.Errorf("there is no chapter %d", number)
}

// Unavailable returns why a chapter can't run on this system, or nothing if it can.
func (c Chapter) Unavailable() string { return c.unavailable(runtime.GOOS) }

func (c Chapter) unavailable(system string) string {
	if system == "windows" && 5 <= c.Number && c.Number <= 7 {
		return "not available on Windows: it makes Unix system calls (use WSL)"
	}
	return ""
}
