package testserver

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// program is a server that serves the protocol to all at once. The constant broken says
// what it does wrong. It adds its address to a file.
const program = `package main

import (
	"bufio"
	"flag"
	"log"
	"net"
	"os"
	"strings"
	"time"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "")
	for _, ignored := range []string{"queue", "dir", "workers"} {
		flag.String(ignored, "", "")
	}
	flag.Parse()
	if broken == "deaf" {
		log.Fatal("I listen to nobody")
	}
	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	file, err := os.OpenFile("addresses", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		log.Fatal(err)
	}
	file.WriteString(ln.Addr().String() + "\n")
	file.Close()
	log.Printf("listening on %v", ln.Addr())
	if broken == "lonely" {
		log.Print("long checks are made here")
	}
	for {
		conn, err := ln.Accept()
		if err != nil {
			log.Print(err)
			time.Sleep(10 * time.Millisecond)
			continue
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
		case broken == "silent", broken == "stuck" && payload[0] == 'P':
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

// Addresses waits until so many servers of the workbook have run, and returns their
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

// AwaitEnd waits until that many servers of the workbook have run and none of them
// listens any more.
func AwaitEnd(t testing.TB, count int) {
	for _, addr := range Addresses(t, count) {
		for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				break
			}
			conn.Close()
			if time.Since(begin) > 30*time.Second {
				t.Fatalf("%s still listens", addr)
			}
		}
	}
}

// Workbook changes to a new folder with chapters, until the test ends. What is wrong with
// a chapter stands after its number: chapter01-liar. It may be deaf, mortal, silent, stuck
// (with a prime), a liar, lonely (without a queue) or unbuildable; any other name is for a right one.
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
