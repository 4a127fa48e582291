package hole

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
)

// readPatch returns what a patch says before its first file, and what it does to each.
func readPatch(path string) (head string, files []*gitdiff.File, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", nil, err
	}
	files, head, err = gitdiff.Parse(bytes.NewReader(text))
	if err == nil && len(files) == 0 {
		err = errors.New("it is no unified diff")
	}
	for _, f := range files {
		if err == nil && (f.IsNew || f.IsDelete || f.IsRename || f.IsCopy || f.IsBinary) {
			err = errors.New("a patch changes the text of files, and nothing else")
		}
	}
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", path, err)
	}
	return strings.TrimSpace(head), files, nil
}

// patches returns what the exercise's patch does to each file.
func (e Exercise) patches() ([]*gitdiff.File, error) {
	head, files, err := readPatch(e.Path(".patch"))
	if err == nil && head != "" {
		err = fmt.Errorf("%s: it is no unified diff, from its first line to its last", e.Path(".patch"))
	}
	return files, err
}

// Hole returns the files that the patch changes, with the hole in them, by their paths in
// the chapter. The patch has to fit exactly: each line is where the patch says.
func (e Exercise) Hole() (map[string]string, error) {
	files, err := e.patches()
	if err != nil {
		return nil, err
	}
	return e.apply(e.Path(".patch"), files)
}

// apply returns what a patch makes of the chapter's files.
func (e Exercise) apply(path string, files []*gitdiff.File) (map[string]string, error) {
	changed := map[string]string{}
	for _, f := range files {
		source, err := os.ReadFile(filepath.Join(e.Chapter.Dir, f.OldName))
		if err != nil {
			return nil, err
		}
		var text bytes.Buffer
		if err := gitdiff.Apply(&text, bytes.NewReader(source), f); err != nil {
			return nil, fmt.Errorf("%s does not fit %s any more (%w): run exercise renew", path, f.OldName, err)
		}
		changed[filepath.FromSlash(f.OldName)] = text.String()
	}
	return changed, nil
}
