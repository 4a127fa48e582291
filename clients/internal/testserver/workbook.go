package testserver

import (
	_ "embed"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/internal/chapters"
)

//go:embed wrong/main.go
var program string

// Addresses waits until count servers of the workbook have run, and returns their
// addresses.
func Addresses(t testing.TB, count int) []string {
	for t.Context().Err() == nil {
		text, _ := os.ReadFile("addresses")
		if addresses := strings.Fields(string(text)); len(addresses) >= count {
			return addresses
		}
		time.Sleep(10 * time.Millisecond)
	}
	return nil
}

// Listens reports whether a server is at that address.
func Listens(addr string) bool {
	conn, err := net.Dial("tcp", addr)
	if err == nil {
		conn.Close()
	}
	return err == nil
}

// AwaitEnd waits until that many servers of the workbook have run and none of them
// listens any more.
func AwaitEnd(t testing.TB, count int) {
	for _, addr := range Addresses(t, count) {
		require.Eventually(t, func() bool { return !Listens(addr) }, 30*time.Second, 10*time.Millisecond, "%s still listens", addr)
	}
}

// Workbook changes to a new folder with chapters, until the test ends, and returns these. What is wrong with a
// chapter comes after its number: chapter01-liar. It may be deaf, mortal, silent, stuck
// (with a prime), a liar, lonely (without a queue) or unbuildable; any other name is for a right one.
func Workbook(t testing.TB, names ...string) []chapters.Chapter {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range names {
		write(t, filepath.Join(dir, name, "go.mod"), "module example.com/fake\n\ngo 1.26.0\n")
		write(t, filepath.Join(dir, name, "main.go"), program)
		if strings.HasSuffix(name, "-unbuildable") {
			write(t, filepath.Join(dir, name, "more.go"), "package main\n\nvar x = undefined\n")
		}
	}
	all, _, err := chapters.Find()
	require.NoError(t, err)
	return all
}

func write(t testing.TB, path, text string) {
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

// Beyond gives a chapter of the workbook the module beyond, with the programs in these folders of it. All
// of them are servers of the protocol.
func Beyond(t testing.TB, name string, folders ...string) {
	for _, folder := range folders {
		write(t, filepath.Join(name, "beyond", folder, "main.go"), program)
	}
	write(t, filepath.Join(name, "beyond", "go.mod"), "module example.com/fake/beyond\n\ngo 1.26.0\n")
}
