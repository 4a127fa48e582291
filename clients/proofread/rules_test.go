package proofread

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRules proves that conform quotes the protocol in the words of the README.
func TestRules(t *testing.T) {
	t.Chdir(root)
	require.NoError(t, Watch("clients/conform"))
	conform := must(NewPrograms(t.TempDir()).build("clients/conform"))
	readme := bare(string(must(os.ReadFile("README.md"))))
	for _, chapter := range []string{"0", "1"} {
		out, err := exec.Command(conform, "-list", "-chapter", chapter).CombinedOutput()
		require.NoError(t, err, string(out))
		for line := range strings.Lines(string(out)) {
			isCase := strings.HasPrefix(line, " ")
			isPromise := strings.Contains(line, "promises") // of a chapter, and not of the protocol
			if !isCase && !isPromise {
				assert.True(t, strings.Contains(readme, bare(line)), "the README does not say: "+line)
			}
		}
	}
}

// marks are what Markdown has and plain text has not, what stands between the cells of a
// table, and white space.
var marks = regexp.MustCompile("[|:`\\s]|\\*\\b|\\b\\*")

// bare returns a text without marks.
func bare(text string) string {
	return marks.ReplaceAllString(strings.ReplaceAll(text, "2<sup>64</sup>", "2^64"), "")
}

func TestBare(t *testing.T) {
	assert.Equal(t, bare("server: * once, a first byte"), bare("| server | `*` | once, a *first*\nbyte |"))
	assert.Equal(t, "^b$2^64-1", bare("`^` b `$` 2<sup>64</sup>-1"))
}

// TestLineEndings checks the files out as a clone on Windows may, with core.autocrlf: patches are
// applied, and texts compared, byte by byte.
func TestLineEndings(t *testing.T) {
	t.Chdir(root)
	if exec.Command("git", "rev-parse").Run() != nil {
		t.Skip("needs git, and the clone")
	}
	require.NoError(t, Watch("."))
	clone := t.TempDir()
	out, err := exec.Command("git", "-c", "core.autocrlf=true", "checkout-index", "--all", "--prefix="+clone+"/").CombinedOutput()
	require.NoError(t, err, string(out))
	files := 0
	require.NoError(t, fs.WalkDir(os.DirFS(clone), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(clone, path))
		files++
		isText := !bytes.ContainsRune(text, 0)
		assert.False(t, isText && bytes.Contains(text, []byte("\r\n")), path+" has a carriage return: .gitattributes should keep it out")
		return err
	}))
	assert.Greater(t, files, 500)
}

// TestContainer: the container has the Go that go.mod asks for.
func TestContainer(t *testing.T) {
	t.Chdir(root)
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(must(os.ReadFile("go.mod")))
	require.NotNil(t, version)
	container := string(must(os.ReadFile(".devcontainer/devcontainer.json")))
	assert.Contains(t, container, `"golang:`+string(version[1])+"-")
}
