package script

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// maxReply is more than any reply of the script has.
const maxReply = 4096

// A conn is the connection of a client. Run alone touches its fields.
type conn struct {
	Client
	net.Conn
	index                    int
	greeted, asked, answered bool
}

// A note is what the reader of a connection has to say to Run.
type note struct {
	client int
	stage  Stage // Greeted or Answered
	at     time.Time
	reply  string
	err    error
}

func dial(ctx context.Context, addr string, index int) (*conn, error) {
	dialer := net.Dialer{Timeout: timeout}
	nc, err := dialer.DialContext(ctx, "tcp", addr)
	return &conn{Client: Clients[index], Conn: nc, index: index}, err
}

func (c *conn) ask() error {
	if _, err := io.WriteString(c, "^"+c.Payload+"$"); err != nil {
		return fmt.Errorf("%s: %w", c.Name, err)
	}
	return nil
}

// read notes the greeting and the reply. When that is whole, it hangs up, for which the
// server of chapter 1 waits. There is room in notes for all that it says.
func (c *conn) read(notes chan<- note) {
	defer c.Close()
	if err := c.readAll(notes); err != nil {
		notes <- note{err: fmt.Errorf("%s: %w", c.Name, err)}
	}
}

func (c *conn) readAll(notes chan<- note) error {
	var reply []byte
	buf := make([]byte, maxReply)
	greeted := false
	for !greeted || !c.complete(reply) {
		n, err := c.Read(buf)
		at := time.Now()
		data := buf[:n]
		switch {
		case err == io.EOF:
			return fmt.Errorf("the server hung up too early")
		case err != nil:
			return err
		case greeted:
			reply = append(reply, data...)
		case string(data) != "*":
			return fmt.Errorf("greeted with %q instead of \"*\"", data)
		default:
			greeted = true
			notes <- note{client: c.index, stage: Greeted, at: at}
		}
	}
	answered := time.Now()
	text, err := c.decode(reply)
	if err == nil {
		notes <- note{client: c.index, stage: Answered, at: answered, reply: text}
	}
	return err
}

// complete reports whether the reply is whole. An echo is as long as its payload; the
// other replies end with a newline.
func (c *conn) complete(reply []byte) bool {
	if len(reply) >= maxReply {
		return true // whatever it is
	}
	if strings.HasPrefix(c.Payload, "P") || bytes.HasPrefix(reply, []byte("error: ")) {
		return bytes.HasSuffix(reply, []byte("\n"))
	}
	return len(reply) >= len(c.Payload)
}

// decode checks the reply and returns its text.
func (c *conn) decode(reply []byte) (string, error) {
	want := "prime\n"
	if !strings.HasPrefix(c.Payload, "P") {
		want = string(addToEach(c.Payload, 1))
	}
	if string(reply) != want {
		return "", fmt.Errorf("the reply is %q", reply)
	}
	if want == "prime\n" {
		return "prime", nil
	}
	return string(addToEach(string(reply), 255)), nil
}

// addToEach adds n to each byte, modulo 256.
func addToEach(s string, n byte) []byte {
	sum := []byte(s)
	for i := range sum {
		sum[i] += n
	}
	return sum
}
