// Package hole knows the exercises of the workbook: what they ask for, the code that each begins
// with, and how an attempt is tested.
//
// Most exercises are two files in a chapter's folder exercises. N-name.patch takes an idea out
// of the chapter's code, N-name.md is the task. The chapter itself is the solution, and its
// tests are the checker. A task is the other way round, see files.go: it adds to the chapter.
package hole

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"example.com/concurrent-network-server/clients/internal/chapters"
)

// An Exercise is a hole in a chapter and the task to fill it, or a task on top of the chapter.
type Exercise struct {
	ID      string // 3.1
	Name    string // 1-the-word-go
	Chapter chapters.Chapter
	Text
	hides []Exercise // those whose answers are in the same file
}

// Path returns the path of the exercise's file with an extension.
func (e Exercise) Path(extension string) string {
	return filepath.Join(e.Chapter.Dir, "exercises", e.Name+extension)
}

// Label names a folder for the exercise: 3.1-the-word-go.
func (e Exercise) Label() string { return fmt.Sprintf("%d.%s", e.Chapter.Number, e.Name) }

var fileName = regexp.MustCompile(`^(\d+)-[a-z0-9-]+$`)

// Load reads the exercises of the chapters, in their order.
func Load(all []chapters.Chapter) ([]Exercise, error) {
	var exercises []Exercise
	for _, chapter := range all {
		files, err := filepath.Glob(filepath.Join(chapter.Dir, "exercises", "*"))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if filepath.Base(file) == "testdata" {
				continue // of the tasks
			}
			e, err := read(chapter, file)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			if filepath.Ext(file) == ".md" {
				exercises = append(exercises, e)
			}
		}
	}
	for i := range exercises {
		if err := exercises[i].findHidden(exercises); err != nil {
			return nil, err
		}
	}
	return exercises, nil
}

// read reads the exercise that a file belongs to.
func read(chapter chapters.Chapter, file string) (Exercise, error) {
	name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	match := fileName.FindStringSubmatch(name)
	if match == nil {
		return Exercise{}, fmt.Errorf("the files of an exercise are called N-name.md and N-name.patch")
	}
	e := Exercise{ID: fmt.Sprintf("%d.%s", chapter.Number, match[1]), Name: name, Chapter: chapter}
	if !exists(e.Path(".patch")) && !e.IsTask() {
		return Exercise{}, errors.New("an exercise needs a patch, or, in the folder testdata/" + name + ", tests and a solution.patch")
	}
	text, err := os.ReadFile(e.Path(".md"))
	if err != nil {
		return Exercise{}, fmt.Errorf("an exercise needs a text: %w", err)
	}
	e.Text, err = Parse(string(text))
	return e, err
}

// Find returns the exercise with that id.
func Find(exercises []Exercise, id string) (Exercise, error) {
	for _, e := range exercises {
		if e.ID == id {
			return e, nil
		}
	}
	return Exercise{}, fmt.Errorf("there is no exercise %q: exercise list shows all", id)
}
