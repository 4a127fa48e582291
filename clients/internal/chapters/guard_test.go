package chapters_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/internal/testserver"
)

// role is set in the environment of the test's own program to make it something else.
const role = "CHAPTERS_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "parent":
		log.Fatal(parent(os.Args[1]))
	case "compiler":
		log.Fatal(compiler())
	}
	os.Exit(m.Run())
}

// parent builds and starts the only chapter, and ends with the test at the latest.
func parent(dir string) error {
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
	all, _, err := chapters.Find()
	if err != nil {
		return err
	}
	os.Setenv(role, "compiler")
	program, err := all[0].Build(context.Background(), dir)
	if err != nil {
		return err
	}
	if _, err := chapters.Start(context.Background(), program); err != nil {
		return err
	}
	select {}
}

// compiler takes the place of each tool that the go command runs. It says the tool's
// version when it is asked; otherwise it listens like a server and never ends.
func compiler() error {
	if slices.Contains(os.Args, "-V=full") {
		cmd := exec.Command(os.Args[1], os.Args[2:]...)
		cmd.Stdout = os.Stdout
		if err := cmd.Run(); err != nil {
			return err
		}
		os.Exit(0)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	file, err := os.OpenFile(os.Getenv("ADDRESSES"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	fmt.Fprintln(file, ln.Addr())
	for {
		ln.Accept()
	}
}

// useCompiler makes go build call compiler until the test ends.
func useCompiler(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	addresses, err := filepath.Abs("addresses")
	require.NoError(t, err)
	t.Setenv("GOFLAGS", "-toolexec="+self)
	t.Setenv("ADDRESSES", addresses)
	t.Setenv(role, "compiler")
}

// TestKilledParent proves that a program takes with it what it has started: a server, or
// the go command and the compiler.
func TestKilledParent(t *testing.T) {
	for _, name := range []string{"server", "compiler"} {
		t.Run(name, func(t *testing.T) {
			testserver.Workbook(t, "chapter01-right")
			if name == "compiler" {
				useCompiler(t)
			}
			self, err := os.Executable()
			require.NoError(t, err)
			cmd := exec.Command(self, t.TempDir())
			cmd.Env = append(os.Environ(), role+"=parent")
			cmd.Stderr = os.Stderr
			_, err = cmd.StdinPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			testserver.Addresses(t, 1)
			require.NoError(t, cmd.Process.Kill())
			cmd.Wait()
			testserver.AwaitEnd(t, 1)
		})
	}
}
