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
		if err == nil && (f.IsDelete || f.IsRename || f.IsCopy || f.IsBinary) {
			err = errors.New("a patch changes the text of files or adds some, and does nothing else")
		}
	}
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", path, err)
	}
	return strings.TrimSpace(head), files, nil
}

// patches returns what the exercise's patch does to each file, and which exercises it hides.
func (e Exercise) patches() (files []*gitdiff.File, hides []string, err error) {
	head, files, err := readPatch(e.Path(".patch"))
	ids, named := strings.CutPrefix(head, "Hides ")
	if err == nil && head != "" && !named {
		err = fmt.Errorf("%s: it is no unified diff, from its first line to its last, but for one that says Hides 9.3", e.Path(".patch"))
	}
	for _, f := range files {
		if err == nil && f.IsNew {
			err = fmt.Errorf("%s: a hole is in the text of files, and in nothing else", e.Path(".patch"))
		}
	}
	return files, strings.FieldsFunc(ids, func(r rune) bool { return r == ',' || r == ' ' }), err
}

// apply returns what a patch makes of the chapter's files, or of those that stand for them. The
// patch has to fit exactly: each line is where the patch says.
func (e Exercise) apply(path string, patches []*gitdiff.File, over files) (files, error) {
	changed := files{}
	for _, f := range patches {
		name := filepath.FromSlash(f.NewName)
		source, err := e.source(name, over)
		if err != nil && !f.IsNew {
			return nil, err
		}
		var text bytes.Buffer
		if err := gitdiff.Apply(&text, strings.NewReader(source), f); err != nil {
			return nil, fmt.Errorf("%s does not fit %s any more (%w): run exercise renew", path, name, err)
		}
		changed[name] = text.String()
	}
	return changed, nil
}
