package hole

import (
	"fmt"
	"go/build"
	"os"
	"path/filepath"
)

const (
	limitVariable    = "EXERCISE_LIMIT"
	patienceVariable = "WORKBOOK_PATIENCE" // of the chapters' test clients
	limitStatus      = 3
	limitFile        = "exercise_limit_test.go"
)

// limitCode ends a test that hangs. Other than go test's own -timeout it can say where,
// because runtime.Stack stops the goroutines first: one that runs has no stack otherwise.
// A function that calls itself for ever shall not fill a gigabyte first, Go's own limit.
const limitCode = `package %s

import (
	"os"
	"runtime"
	"runtime/debug"
	"time"
)

func init() {
	debug.SetMaxStack(64 << 20)
	limit, err := time.ParseDuration(os.Getenv(%q))
	if err != nil {
		return
	}
	time.AfterFunc(limit, func() {
		stacks := make([]byte, 4<<20)
		os.Stderr.Write(stacks[:runtime.Stack(stacks, true)])
		os.Exit(%d)
	})
}
`

// addLimit adds limitCode to the tests of a package. What is wrong with its code, the compiler says better.
func addLimit(folder string) error {
	p, err := build.ImportDir(folder, 0)
	if p.Name == "" {
		return err
	}
	code := fmt.Sprintf(limitCode, p.Name, limitVariable, limitStatus)
	return os.WriteFile(filepath.Join(folder, limitFile), []byte(code), 0o644)
}
