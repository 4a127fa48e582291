package diff

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// longest returns the length of the longest common subsequence the slow way.
func longest(a, b string) int {
	if a == "" || b == "" {
		return 0
	}
	if a[0] == b[0] {
		return 1 + longest(a[1:], b[1:])
	}
	return max(longest(a[1:], b), longest(a, b[1:]))
}

func TestCommon(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		a, b := make([]byte, random.IntN(9)), make([]byte, random.IntN(9))
		for _, s := range [][]byte{a, b} {
			for i := range s {
				s[i] = "abc"[random.IntN(3)]
			}
		}
		last := [2]int{-1, -1}
		pairs := Common(a, b)
		for _, p := range pairs {
			require.Equal(t, a[p[0]], b[p[1]])
			require.True(t, p[0] > last[0] && p[1] > last[1], "%q %q: %v", a, b, pairs)
			last = p
		}
		require.Len(t, pairs, longest(string(a), string(b)), "%q %q", a, b)
	}
}

// TestUnified lets git make the new text from the old one and the difference.
func TestUnified(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git")
	}
	t.Chdir(t.TempDir())
	random := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var b strings.Builder
		for range random.IntN(30) {
			b.WriteString([]string{"a\n", "b\n", "\n", "}\n"}[random.IntN(4)])
		}
		return b.String() + []string{"", "no end"}[random.IntN(2)]
	}
	var patch strings.Builder
	want := map[string]string{}
	for i := range 100 {
		old, new := text(), text()
		name := "f" + string(rune('A'+i%26)) + string(rune('a'+i/26))
		if old == "" || new == "" {
			continue // git calls these a new file, or a deleted one
		}
		require.NoError(t, os.WriteFile(name, []byte(old), 0o644))
		patch.WriteString(Unified(name, old, new))
		want[name] = new
	}
	apply := exec.Command("git", "apply", "-")
	apply.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(t.TempDir()))
	apply.Stdin = strings.NewReader(patch.String())
	out, err := apply.CombinedOutput()
	require.NoError(t, err, string(out))
	for name, text := range want {
		got, err := os.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, text, string(got))
	}
	assert.Empty(t, Unified("a", "same\n", "same\n"))
}
