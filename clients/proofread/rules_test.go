package proofread

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRules proves that conform quotes the protocol in the words of the README.
func TestRules(t *testing.T) {
	inRepository(t)
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
