package hole

import (
	"fmt"
	"go/parser"
	"go/token"
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

// addLimit adds limitCode to the tests of a package.
func addLimit(folder string) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no code in %s: %w", folder, err)
	}
	var first error
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly)
		if err != nil {
			first = err // the compiler says it better
			continue
		}
		code := fmt.Sprintf(limitCode, file.Name.Name, limitVariable, limitStatus)
		return os.WriteFile(filepath.Join(folder, limitFile), []byte(code), 0o644)
	}
	return first
}
