package workbook

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/proofread"
)

// TestExercises proves that each exercise fails for the reason that its text gives, and that the
// wrong solutions of one are found out. ALL=1 .ci/run tries those of all, and also the tests that
// an exercise does not name, its solution, and other systems.
func TestExercises(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, dir := range must(filepath.Glob("chapter0*")) {
		require.NoError(t, proofread.Watch(dir))
	}
	for _, dir := range []string{"clients/exercise/hole", "clients/exercise/testdata", "clients/internal/chapters"} {
		require.NoError(t, proofread.Watch(dir))
	}
	program := filepath.Join(build(t, []string{"clients/exercise"}), "exercise")
	for _, args := range [][]string{{"prove"}, {"prove", "-wrong", "3.2"}} {
		out, err := exec.Command(program, args...).CombinedOutput()
		t.Logf("%s", out)
		require.NoError(t, err)
	}
}

// must returns the value. A check that can't read the repository has nothing to say.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
