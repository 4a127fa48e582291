package hole

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
)

// patches returns what the exercise's patch does to each file.
func (e Exercise) patches() ([]*gitdiff.File, error) {
	text, err := os.ReadFile(e.Path(".patch"))
	if err != nil {
		return nil, err
	}
	files, preamble, err := gitdiff.Parse(bytes.NewReader(text))
	if err == nil && (len(files) == 0 || preamble != "") {
		err = fmt.Errorf("it is no unified diff, from its first line to its last")
	}
	for _, f := range files {
		if err == nil && (f.IsNew || f.IsDelete || f.IsRename || f.IsCopy || f.IsBinary) {
			err = fmt.Errorf("a patch changes the text of files, and nothing else")
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.Path(".patch"), err)
	}
	return files, nil
}

// Hole returns the files that the patch changes, with the hole in them, by their paths in
// the chapter. The patch has to fit exactly: each line is where the patch says.
func (e Exercise) Hole() (map[string]string, error) {
	files, err := e.patches()
	if err != nil {
		return nil, err
	}
	hole := map[string]string{}
	for _, f := range files {
		source, err := os.ReadFile(filepath.Join(e.Chapter.Dir, f.OldName))
		if err != nil {
			return nil, err
		}
		var text bytes.Buffer
		if err := gitdiff.Apply(&text, bytes.NewReader(source), f); err != nil {
			return nil, fmt.Errorf("%s does not fit %s any more (%w): run exercise renew", e.Path(".patch"), f.OldName, err)
		}
		hole[filepath.FromSlash(f.OldName)] = text.String()
	}
	return hole, nil
}
