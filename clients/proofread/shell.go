package proofread

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"

	"example.com/concurrent-network-server/clients/internal/chapters"
)

// goRun stands in for go run: it runs a program that is built already, and says what go
// run says when it ends badly.
const goRun = `go_run() {
	trap : INT
	"$@"
	local status=$?
	case $status in
	0) ;;
	130) echo "signal: interrupt" >&2 ;;
	*) echo "exit status $status" >&2 ;;
	esac
	return $status
}
`

// shell returns the command that runs a line of a transcript in a folder. In the session of
// the tests, chapter 9's low-priority threads would not get on.
func shell(dir, line string) *exec.Cmd {
	cmd := exec.Command("bash", "-c", goRun+python()+line)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), inTranscript+"=1")
	chapters.OwnSession(cmd)
	return cmd
}

// python lets the shell find Python at once. What the path names first may be a script
// that chooses among versions of Python, and takes longer than the clients do.
var python = sync.OnceValue(func() string {
	path, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		return "" // the transcript will say so
	}
	return fmt.Sprintf("python3() { '%s' \"$@\"; }\n", strings.TrimSpace(string(path)))
})
