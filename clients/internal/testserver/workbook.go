package testserver

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// program is a server that serves the protocol to all at once. The constant broken says
// what it does wrong. It leaves its address in a file.
const program = `package main

import (
	"bufio"
	"flag"
	"log"
	"net"
	"os"
	"strings"
)

func main() {
	addr := flag.String("addr", "", "")
	flag.Parse()
	if broken == "deaf" {
		log.Fatal("I listen to nobody")
	}
	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	os.WriteFile("address", []byte(ln.Addr().String()), 0o644)
	log.Printf("listening on %v", ln.Addr())
	for {
		conn, err := ln.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go serve(conn)
	}
}

func serve(conn net.Conn) {
	defer conn.Close()
	conn.Write([]byte("*"))
	r := bufio.NewReader(conn)
	for {
		frame, err := r.ReadString('$')
		if err != nil {
			return
		}
		payload := []byte(strings.Trim(frame, "^$"))
		switch {
		case broken == "mortal":
			log.Print("I die")
			os.Exit(3)
		case broken == "silent":
			select {}
		case payload[0] == 'P':
			payload = []byte("prime\n")
		default:
			for i := range payload {
				payload[i]++
			}
		}
		if broken == "liar" {
			payload[0]++
		}
		conn.Write(payload)
	}
}
`

// Workbook changes to a new folder with chapters, until the test ends. What is wrong with
// a chapter stands behind its number: chapter01-liar. It may be deaf, mortal, silent, a
// liar or unbuildable; any other name is for a right one.
func Workbook(t testing.TB, names ...string) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range names {
		_, fault, _ := strings.Cut(name, "-")
		broken := fmt.Sprintf("package main\n\nconst broken = %q\n", fault)
		if fault == "unbuildable" {
			broken = "package main\n\nconst broken = undefined\n"
		}
		write(t, filepath.Join(dir, name, "go.mod"), "module example.com/fake\n")
		write(t, filepath.Join(dir, name, "main.go"), program)
		write(t, filepath.Join(dir, name, "broken.go"), broken)
	}
}

func write(t testing.TB, path, text string) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
