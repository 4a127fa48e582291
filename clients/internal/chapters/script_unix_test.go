//go:build unix

package chapters

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestGuardScript sends signals to the guard when it has got so far as to wait.
func TestGuardScript(t *testing.T) {
	script := strings.Replace(guardScript, "read -r line",
		"kill -HUP $$; kill -INT $$; kill -TERM $$; echo alive", 1)
	shell := exec.Command("sh", "-c", script)
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := shell.Output()
	assert.Equal(t, "alive\n", string(out))
	assert.EqualError(t, err, "signal: killed")
}
