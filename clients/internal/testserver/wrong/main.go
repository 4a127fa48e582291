// Command wrong is a server for tests. It serves the protocol to all at once, but for what is
// wrong with it: that is after the number in its name, as in chapter01-liar, or in the
// environment. It adds its address to a file.
package main

import (
	"bufio"
	"cmp"
	"flag"
	"log"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// broken is what it does wrong: see testserver.Workbook.
var broken = cmp.Or(os.Getenv("WRONG"), fault(strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")))

func fault(name string) string {
	_, fault, _ := strings.Cut(name, "-")
	return fault
}

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "")
	for _, ignored := range []string{"queue", "dir", "workers", "threads"} {
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
