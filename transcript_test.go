package workbook

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTranscripts runs the console blocks of the READMEs.
func TestTranscripts(t *testing.T) {
	if reason := unable(block{}); reason != "" {
		t.Skip(reason)
	}
	for _, dir := range modules(t) {
		watch(t, dir)
	}
	for _, command := range []string{
		// Nothing is downloaded in the middle of a transcript,
		"go list -deps -test work",
		// and go run keeps what it has built, so that a ^C meets the client and not the compiler.
		"go run ./clients/talk -h",
		"go run ./clients/idle -h",
	} {
		out, err := exec.Command("bash", "-c", command).CombinedOutput()
		require.NoError(t, err, string(out))
	}
	for _, path := range readmes(t) {
		t.Run(path, func(t *testing.T) { playAll(t, path) })
	}
}

// playAll plays the console blocks of a README, each in a subtest.
func playAll(t *testing.T, path string) {
	r, err := parse(path)
	require.NoError(t, err)
	s := &session{dir: filepath.Dir(path), bin: filepath.Join(t.TempDir(), "server")}
	t.Cleanup(func() { assert.NoError(t, s.close()) })
	for _, b := range r.blocks() {
		if len(b.words) == 0 || b.words[0] != "console" {
			continue
		}
		t.Run(fmt.Sprintf("line %d", b.line), func(t *testing.T) {
			if reason := unable(b); reason != "" {
				t.Skip(reason)
			}
			assert.NoError(t, s.play(b))
		})
	}
}

// unable returns the reason why a block can't be run.
func unable(b block) string {
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
		if err != nil && (program == "bash" || strings.Contains(strings.Join(b.lines, "\n"), program)) {
			return "needs " + program
		}
	}
	return ""
}
