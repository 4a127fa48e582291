package proofread

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"

	"example.com/concurrent-network-server/clients/internal/markdown"
)

// root is the folder of the repository. A test changes to it by t.Chdir, which tells Go's test cache, so
// that it finds the files which the test opens there.
const root = "../.."

// TestReadmes checks all that can be checked in a Markdown file without running it.
func TestReadmes(t *testing.T) {
	t.Chdir(root)
	for _, path := range must(Readmes()) {
		t.Run(path, func(t *testing.T) {
			for _, problem := range must(Check(path)) {
				t.Error(problem)
			}
		})
	}
}

// TestTranscripts runs the console blocks of the READMEs.
func TestTranscripts(t *testing.T) {
	t.Chdir(root)
	if reason := unable(&markdown.Block{}); reason != "" {
		t.Skip(reason)
	}
	for _, dir := range must(Modules()) {
		require.NoError(t, Watch(dir))
	}
	// Nothing is downloaded in the middle of a transcript.
	out, err := exec.Command("go", "list", "-deps", "-test", "work").CombinedOutput()
	require.NoError(t, err, string(out))
	programs := NewPrograms(t.TempDir())
	t.Setenv("WORKBOOK_MY", t.TempDir()) // the reader's own copies of exercises are left alone
	for _, path := range must(Readmes()) {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			playAll(t, programs, path)
		})
	}
}

// playAll plays the console blocks of a README, each in a subtest.
func playAll(t *testing.T, programs *Programs, path string) {
	s := &Session{dir: filepath.Dir(path), programs: programs}
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	for _, b := range must(parse(path)).Blocks {
		if _, ok := b.Content.(*markdown.Transcript); !ok {
			continue
		}
		t.Run(fmt.Sprintf("line %d", b.Line), func(t *testing.T) {
			if reason := unable(b); reason != "" {
				t.Skip(reason)
			}
			if err := s.Play(b); err != nil {
				t.Errorf("%v: %v", b, err)
			}
		})
	}
}

// unable returns the reason why a block can't be run.
func unable(b *markdown.Block) string {
	if testing.Short() {
		return "takes seconds"
	}
	if os.Getenv(inTranscript) != "" {
		return "runs already"
	}
	if runtime.GOOS == "windows" {
		return "Windows has neither bash nor signals"
	}
	for _, program := range []string{"bash", "python3"} {
		_, err := exec.LookPath(program)
		if err != nil && (program == "bash" || strings.Contains(b.Text, program)) {
			return "needs " + program
		}
	}
	return ""
}

var updateFrom = flag.String("update-from", "", "the `chapter` that TestCopies copies to all others, such as chapter03")

// TestCopies compares what the chapters share.
func TestCopies(t *testing.T) {
	t.Chdir(root)
	if *updateFrom != "" {
		from, ok := strings.CutPrefix(*updateFrom, "chapter0")
		require.True(t, ok && len(from) == 1, "-update-from takes a chapter, such as chapter03")
		require.NoError(t, Carry(Copies, rune(from[0])))
	}
	for _, c := range Copies {
		t.Run(strings.TrimSpace(c.name+" in "+c.chapters+" "+c.declarations), func(t *testing.T) { assert.NoError(t, c.Check()) })
	}
}

// TestCopiesAreKnown proves that nothing in two chapters' tests is the same by chance, or
// because somebody copied it and told nobody.
func TestCopiesAreKnown(t *testing.T) {
	t.Chdir(root)
	chapters := make(map[[3]string]string) // by file, name and text
	for number := '1'; number <= '9'; number++ {
		for _, path := range must(filepath.Glob(fmt.Sprintf("chapter0%c-*/*_test.go", number))) {
			for _, d := range must(declarations(path)) {
				chapters[[3]string{filepath.Base(path), d.name, d.text}] += string(number)
			}
		}
	}
	for copied, in := range chapters {
		known := slices.ContainsFunc(Copies, func(c Copy) bool {
			return c.name == copied[0] && c.has(copied[1]) && strings.Trim(in, c.chapters) == ""
		})
		assert.True(t, known || len(in) == 1, "copies.go does not know that %s in %s is the same in chapters %s", copied[1], copied[0], in)
	}
}

// TestEveryModuleIsUsed proves that no module of the repository is left untested.
func TestEveryModuleIsUsed(t *testing.T) {
	t.Chdir(root)
	var dirs []string
	for _, pattern := range []string{"*/go.mod", "*/*/go.mod"} {
		for _, file := range must(filepath.Glob(pattern)) {
			dirs = append(dirs, filepath.ToSlash(filepath.Dir(file)))
		}
	}
	assert.ElementsMatch(t, dirs, must(Modules()))
}

// TestModulePaths proves that each module has a path of its own, after its folder,
// and that it stands alone: it needs no other module of the repository, unless it is in the
// other's folder.
func TestModulePaths(t *testing.T) {
	t.Chdir(root)
	for _, dir := range must(Modules()) {
		name := filepath.Join(dir, "go.mod")
		file := must(modfile.Parse(name, must(os.ReadFile(name)), nil))
		assert.Equal(t, rootModule+"/"+dir, file.Module.Mod.Path)
		around := rootModule + "/" + path.Dir(dir)
		for _, replace := range file.Replace {
			assert.Equal(t, around+" => ..", replace.Old.Path+" => "+replace.New.Path, dir)
		}
		for _, require := range file.Require {
			if require.Mod.Path != around {
				assert.NotContains(t, require.Mod.Path, rootModule, dir)
			}
		}
	}
}

// must returns the value. A check that can't read the repository has nothing to say.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
