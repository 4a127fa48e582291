// Command talk sends bytes to a server and shows what it answers.
//
//	talk [-addr host:port] [segment ...]
//
// It sends each segment by itself and then says that no more will come. Without a
// segment it sends what you type, line by line, until you end the input.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("talk: ")
	addr := flag.String("addr", "127.0.0.1:7878", "the `address` of the server")
	flag.Parse()
	if err := talk(*addr, flag.Args(), os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// talk sends the segments, or the input if there is none, and copies what the server
// sends to out until the server hangs up.
func talk(addr string, segments []string, in io.Reader, out io.Writer) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	go send(conn.(*net.TCPConn), segments, in)
	return receive(conn, out)
}

// send does not report errors: receive meets them too.
func send(conn *net.TCPConn, segments []string, in io.Reader) {
	for _, segment := range segments {
		io.WriteString(conn, segment)
	}
	if len(segments) == 0 {
		io.Copy(conn, in)
	}
	conn.CloseWrite()
}

// receive copies to out and ends the last line.
func receive(conn net.Conn, out io.Writer) error {
	last := byte('\n')
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if n > 0 {
			out.Write(buf[:n])
			last = buf[n-1]
		}
		if err != nil && last != '\n' {
			fmt.Fprintln(out)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
