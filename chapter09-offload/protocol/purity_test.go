package protocol

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNoIO proves that the package can't do I/O: nothing below it can.
func TestNoIO(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	deps := strings.Fields(string(out))
	assert.Contains(t, deps, "bytes")
	for _, io := range []string{"net", "os", "syscall", "time", "golang.org/x/sys/unix"} {
		assert.NotContains(t, deps, io)
	}
}

// TestNoAllocation parses events of each kind.
func TestNoAllocation(t *testing.T) {
	var parser Parser
	stream := []byte("noise^echo$^P7$^P$^Px$^P99999999999999999999$")
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		for in := stream; len(in) > 0; {
			_, in = parser.Next(in)
		}
	}))
}
