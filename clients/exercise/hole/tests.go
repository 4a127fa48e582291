package hole

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// tests are the names of a chapter's tests, by the folder of their package.
type tests map[string][]string

var testName = regexp.MustCompile(`^(Test|Fuzz|Example)([A-Z0-9_]\w*)?$`)

// findTests looks for the tests of a chapter: those that this system compiles, and those
// that it doesn't.
func findTests(dir string) (here, elsewhere tests, err error) {
	here, elsewhere = tests{}, tests{}
	err = eachFile(dir, func(path string) error {
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, path), nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder := filepath.Dir(path)
		found := here
		if ok, _ := build.Default.MatchFile(filepath.Join(dir, folder), filepath.Base(path)); !ok {
			found = elsewhere
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if ok && f.Recv == nil && testName.MatchString(f.Name.Name) && f.Name.Name != "TestMain" {
				found[folder] = append(found[folder], f.Name.Name)
			}
		}
		return nil
	})
	return here, elsewhere, err
}

// folders returns the folders of the packages that have tests.
func (t tests) folders() []string { return slices.Sorted(maps.Keys(t)) }

// packages returns the folders of the packages that have the named tests, or all if no test
// is named.
func (t tests) packages(names []string) ([]string, error) {
	if len(names) == 0 {
		return t.folders(), nil
	}
	folders := map[string]bool{}
	for _, name := range names {
		folder, _, err := t.find(name)
		if err != nil {
			return nil, err
		}
		folders[folder] = true
	}
	return slices.Sorted(maps.Keys(folders)), nil
}

// find returns the folder and the name of a test that is called TestName, or
// folder.TestName if two packages have one of that name; main is the chapter's own folder. A
// subtest's name may follow.
func (t tests) find(name string) (folder, test string, err error) {
	top, _, _ := strings.Cut(name, "/")
	only, _, qualified := strings.Cut(top, ".")
	test = name
	if qualified {
		top, test = strings.TrimPrefix(top, only+"."), strings.TrimPrefix(name, only+".")
	}
	var in []string
	for _, folder := range t.folders() {
		if slices.Contains(t[folder], top) && (!qualified || packageName(folder) == only) {
			in = append(in, folder)
		}
	}
	switch {
	case len(in) == 0:
		return "", "", fmt.Errorf("the chapter has no test %s", name)
	case len(in) > 1:
		return "", "", fmt.Errorf("%s is in several packages, write %s.%s", name, packageName(in[0]), name)
	}
	return in[0], test, nil
}

func packageName(folder string) string {
	if folder == "." {
		return "main"
	}
	return filepath.ToSlash(folder)
}

// pattern returns what -test.run needs to run one test.
func pattern(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(strings.ReplaceAll(part, " ", "_")) + "$"
	}
	return strings.Join(parts, "/")
}

// withPromise adds what the comment of a test says about it, if it's bad.
func (a *Attempt) withPromise(folder string, o Outcome) Outcome {
	if o.State == Passed || o.State == Skipped {
		return o
	}
	top, _, _ := strings.Cut(strings.TrimPrefix(o.Test, packageName(folder)+"."), "/")
	paths, _ := filepath.Glob(filepath.Join(a.dir, folder, "*_test.go"))
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == top {
				o.Promise, _, _ = strings.Cut(strings.TrimSpace(f.Doc.Text()), "\n\n")
			}
		}
	}
	return o
}

// anyOf returns what -test.run needs to run these tests.
func anyOf(names []string) string {
	patterns := make([]string, len(names))
	for i, name := range names {
		patterns[i] = pattern(name)
	}
	return strings.Join(patterns, "|")
}

// modulePath returns the path that a module gives itself.
func modulePath(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	return modfile.ModulePath(text), err
}
