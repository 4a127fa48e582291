// Command sub greets each client and hangs up. Its flags are for what can go wrong.
package main

import (
	"flag"
	"log"
	"net"
	"os"
	"os/signal"
	"time"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:7878", "")
	silent := flag.Bool("silent", false, "")
	exit := flag.Int("exit", 0, "")
	flag.Parse()
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	ln, err := net.Listen("tcp", *addr)
	if err != nil || *silent {
		log.Fatal("no listener")
	}
	if flag.NArg() > 0 && flag.Arg(0) == "late" {
		log.Print("wait")
		time.Sleep(time.Second / 4)
	}
	log.Printf("listening on %v", ln.Addr())
	log.Print(os.Getenv("GREETING"), flag.Args())
	go serve(ln)
	<-interrupted
	log.Print("bye")
	os.Exit(*exit)
}

func serve(ln net.Listener) {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		conn.Write([]byte("*\n"))
		conn.Close()
	}
}
