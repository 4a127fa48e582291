package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/chapter08-async-server/prime"
	"example.com/concurrent-network-server/chapter08-async-server/server"
)

// init makes the test's own file the server's, if the variable is set.
func init() {
	if os.Getenv("WORKBOOK_SERVER") != "" {
		main()
		os.Exit(0)
	}
}

// certificate is one that vouches for itself, in the time of a bubble too.
var certificate = sync.OnceValues(func() (cert, key []byte) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		DNSNames:     []string{"workbook"},
		NotBefore:    time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2190, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA:         true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	must(err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	must(err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
})

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func serverConfig() *tls.Config {
	pair, err := tls.X509KeyPair(certificate())
	must(err)
	return &tls.Config{Certificates: []tls.Certificate{pair}}
}

func clientConfig() *tls.Config {
	roots := x509.NewCertPool()
	cert, _ := certificate()
	roots.AppendCertsFromPEM(cert)
	return &tls.Config{RootCAs: roots, ServerName: "workbook", MinVersion: tls.VersionTLS13}
}

// runTLS is run over TLS.
func runTLS(ctx context.Context, srv *server.Server, ln net.Listener) <-chan error {
	done := make(chan error, 1)
	go func() { done <- srv.ServeTLS(ctx, ln, serverConfig()) }()
	return done
}

// startTLS runs the server on a free port until the test ends, and returns the address.
func startTLS(t *testing.T, srv *server.Server) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := runTLS(t.Context(), srv, ln)
	t.Cleanup(func() { assert.NoError(t, <-done, "a stop, and Serve fails") })
	return ln.Addr().String()
}

// errCutOff is the end of a connection of which nobody has said that it will come.
var errCutOff = errors.New("the connection ends without a close_notify: the client can't know whether it has got all its replies")

// strict is a connection below TLS whose end is an error. That of TLS comes before it.
type strict struct{ net.Conn }

func (s strict) Read(p []byte) (int, error) {
	n, err := s.Conn.Read(p)
	if err == io.EOF {
		err = errCutOff
	}
	return n, err
}

// dialTLS connects, and waits for the greeting.
func dialTLS(t *testing.T, addr string) *tls.Conn {
	t.Helper()
	conn := dial(t, addr).conn
	client := tls.Client(strict{conn}, clientConfig())
	require.NoError(t, client.Handshake(), "a client can't shake hands with the server")
	got := make([]byte, 1)
	_, err := io.ReadFull(client, got)
	require.NoError(t, err, "a client has shaken hands, and should be greeted")
	require.Equal(t, "*", string(got), "the greeting")
	return client
}

// rest ends the client's input, and returns all that it still gets.
func rest(t *testing.T, client *tls.Conn) string {
	t.Helper()
	require.NoError(t, client.CloseWrite(), "the client ends its requests, and is cut off before it can")
	got, err := io.ReadAll(client)
	require.NoError(t, err, "the client has ended its input, and has got %.50q", got)
	return string(got)
}

// TestTLSSessions proves that the protocol is the same over TLS 1.3, in one record or in many.
func TestTLSSessions(t *testing.T) {
	tests := []struct{ send, want string }{
		{"^abc$", "bcd"},
		{"^P7$^P8$^P0$", "prime\ncomposite\ncomposite\n"},
		{"^P18446744073709551615$", "composite\n"},
		{"^P$^P7x$^P18446744073709551616$", "error: no digits\nerror: not a number\nerror: number too large\n"},
		{"a$P7^b$c^d$e", "ce"},
		{"^aP7$^$^a^b$", "bQ8b_c"},
		{"^a$^P7$^b$", "bprime\nc"},
		{"^abc", "bcd"},
		{"^P7", ""},
		{"", ""},
	}
	addr := startTLS(t, newServer(prime.IsPrimeContext))
	for _, test := range tests {
		for _, size := range []int{1, 1000} {
			client := dialTLS(t, addr)
			assert.Equal(t, uint16(tls.VersionTLS13), client.ConnectionState().Version)
			for part := range slices.Chunk([]byte(test.send), size) {
				_, err := client.Write(part)
				assert.NoError(t, err, "the server ends a session whose client still sends")
			}
			assert.Equal(t, test.want, rest(t, client), "the replies to %q", test.send)
		}
	}
}

// TestTLSLargeReply proves that a megabyte comes back, and then the end.
func TestTLSLargeReply(t *testing.T) {
	payload := strings.Repeat("abcdefgh", 1<<17)
	client := dialTLS(t, startTLS(t, newServer(nil)))
	go func() {
		io.WriteString(client, "^"+payload+"$")
		client.CloseWrite()
	}()
	got, err := io.ReadAll(client)
	assert.NoError(t, err, "a reply of a megabyte breaks off")
	assert.Equal(t, len(payload), len(got), "bytes of a reply of a megabyte")
}

// TestPlainText proves that a client which speaks no TLS is told so, and sees the end.
func TestPlainText(t *testing.T) {
	addr := startTLS(t, newServer(nil))
	for _, send := range []string{"^echo$", "^" + strings.Repeat("a", 100_000) + "$"} {
		c := dial(t, addr)
		c.send(send)
		got, err := io.ReadAll(c.conn)
		assert.NoError(t, err, "plain text on the port for TLS should be answered in plain text, and then the connection should end without a reset")
		assert.Equal(t, "error: this port speaks TLS\n", string(got), "the answer to plain text on the port for TLS")
	}
}

// TestBrokenHello proves that nobody who speaks TLS is answered in plain text, not even if it goes
// away in the middle of its first word.
func TestBrokenHello(t *testing.T) {
	c := dial(t, startTLS(t, newServer(nil)))
	c.send("\x16\x03\x01\x02\x00half")
	require.NoError(t, c.conn.CloseWrite(), "the server ends a connection before the hello has ended")
	got, err := io.ReadAll(c.conn)
	assert.NoError(t, err, "a client has ended its input in its hello, and should see the end")
	assert.NotContains(t, string(got), "error", "a client that speaks TLS is answered in plain text")
	assert.NotContains(t, string(got), "*", "a client that speaks TLS is greeted in plain text")
}

// TestTLSEndOfReplies proves that a server which hangs up first says so, and goes on reading: if
// nobody read what a client sends, a reset would throw away what is on its way to it. On a slow
// machine the server's patience may end before the test has sent all, so it may try again.
func TestTLSEndOfReplies(t *testing.T) {
	addr := startTLS(t, newServer(unlucky))
	for range 5 {
		client := dialTLS(t, addr)
		io.WriteString(client, "^a$"+large)
		got, err := io.ReadAll(client)
		require.NoError(t, err, "a check has failed, and the client should see the end after what it had got: %q", got)
		require.Equal(t, "b", string(got))
		if _, err = client.NetConn().Write(make([]byte, 8<<20)); err == nil {
			return
		}
	}
	t.Error("nobody reads any more when the replies end")
}

// dialPipe connects by TLS to a server in the same bubble. The client reads all the time.
func dialPipe(t *testing.T, ln *pipeListener) *pipeClient {
	inner, conn := net.Pipe()
	ln.backlog <- conn
	client := tls.Client(inner, clientConfig())
	c := &pipeClient{t: t, conn: client, greeted: make(chan struct{}), closed: make(chan struct{})}
	inner.SetDeadline(time.Now().Add(patience))
	if err := client.Handshake(); !assert.NoError(t, err, "a client can't shake hands with the server") {
		inner.Close()
		t.FailNow()
	}
	inner.SetDeadline(time.Time{})
	go c.read()
	t.Cleanup(func() { inner.Close() })
	return c
}

// TestTLSPauses proves that a client may pause for longer than any deadline that the server had set
// before. Time in the bubble is not real.
func TestTLSPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, ln := newServer(newGate().check), newPipeListener()
		srv.WriteTimeout = 10 * time.Second
		runTLS(t.Context(), srv, ln)
		c := dialPipe(t, ln)
		c.expect("*")
		for range 3 {
			time.Sleep(3 * srv.WriteTimeout)
			c.send("^a$")
			c.expect("b", "a client has paused for longer than the write timeout, which is its right, and its reply")
		}
		c.conn.Close()
	})
}

// TestTLSIdleTimeout proves that a client which is silent for too long is closed, as ever, and one
// that speaks is not.
func TestTLSIdleTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, ln := newServer(newGate().check), newPipeListener()
		srv.IdleTimeout = 10 * time.Second
		runTLS(t.Context(), srv, ln)
		c := dialPipe(t, ln)
		c.expect("*")
		for range 5 {
			time.Sleep(9 * time.Second)
			c.send("^a$")
			c.expect("b", "a client that is never silent for long")
		}
		spoke := time.Now()
		<-c.closed
		assert.Equal(t, srv.IdleTimeout, time.Since(spoke), "how long a silent client is kept")
	})
}

// TestHalfAHandshake proves that clients which never finish their handshake hold nobody up, and are
// gone after the idle time, also if they say something now and then.
func TestHalfAHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, ln := newServer(newGate().check), newPipeListener()
		srv.IdleTimeout = 10 * time.Second
		runTLS(t.Context(), srv, ln)
		begin := time.Now()
		var gone sync.WaitGroup
		t.Cleanup(gone.Wait) // when the test fails
		for _, pause := range []time.Duration{time.Hour, 3 * time.Second} {
			conn, inServer := net.Pipe()
			ln.backlog <- inServer
			t.Cleanup(func() { conn.Close() })
			gone.Go(func() {
				go io.Copy(io.Discard, conn)
				for err := error(nil); err == nil; {
					_, err = conn.Write([]byte{0x16, 3, 1, 2, 0}) // the head of a long hello
					for range 400 {
						if err == nil {
							time.Sleep(min(pause, 30*time.Second))
							_, err = conn.Write([]byte{1})
						}
					}
				}
				assert.LessOrEqual(t, time.Since(begin), 40*time.Second, "when a client that never finishes its handshake is gone, with 10 seconds of idle time, if it says something every %v", pause)
				conn.Close()
			})
		}
		synctest.Wait()
		c := dialPipe(t, ln)
		c.expect("*", "a client comes while two others don't finish their handshakes")
		assert.Zero(t, time.Since(begin), "how long a client waits because two others don't finish their handshakes")
		c.send("^a$")
		c.expect("b")
		gone.Wait()
		c.conn.Close()
	})
}

// TestTLSDrain proves that a stop is as good over TLS: who has asked is answered, and sees the end;
// who is in the middle of a handshake holds nobody up.
func TestTLSDrain(t *testing.T) {
	gate := newGate()
	defer gate.open() // when the test fails
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := runTLS(ctx, newServer(gate.check), ln)
	busy, idle := dialTLS(t, ln.Addr().String()), dialTLS(t, ln.Addr().String())
	half := dial(t, ln.Addr().String())
	half.send("\x16\x03\x01\x02\x00")
	dialTLS(t, ln.Addr().String()).Close() // half has been accepted before
	_, err = io.WriteString(busy, large)
	require.NoError(t, err, "the client sends a request, and the server has ended the session")
	<-gate.entered
	_, err = io.WriteString(busy, "^abc$")
	require.NoError(t, err, "the client waits for a check and sends an echo, and the server has ended the session")
	cancel()
	_, err = io.ReadAll(idle)
	assert.NoError(t, err, "the server stops, and an idle client should see the end")
	gate.open()
	got, err := io.ReadAll(busy)
	assert.NoError(t, err, "the server stops, and a client that waits for a check should see the end after its replies: %q", got)
	assert.Equal(t, "prime\nbcd", string(got), "the replies to what had been sent when the server stopped")
	select {
	case err := <-done:
		assert.NoError(t, err, "a stop, and Serve fails")
	case <-time.After(patience):
		t.Error("the server doesn't stop: a client is in the middle of its handshake")
		half.conn.Close()
		<-done
	}
}

// TestFlags proves that -cert and -key make the server speak TLS, and that one without the other, or
// a file that isn't there, is an error.
func TestFlags(t *testing.T) {
	cert, key := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	certPEM, keyPEM := certificate()
	require.NoError(t, os.WriteFile(cert, certPEM, 0o600))
	require.NoError(t, os.WriteFile(key, keyPEM, 0o600))

	addr, err := launch(t, "-cert", cert, "-key", key)
	require.NoError(t, err)
	client := dialTLS(t, addr)
	io.WriteString(client, "^P7$")
	assert.Equal(t, "prime\n", rest(t, client))

	for _, args := range [][]string{{"-cert", cert}, {"-key", key}, {"-cert", cert, "-key", cert}, {"-cert", "nowhere", "-key", key}} {
		_, err := launch(t, args...)
		assert.Error(t, err, "a server that can't speak TLS serves all the same, with the arguments %q", args)
	}
}

// launch starts the program, and returns its address.
func launch(t *testing.T, args ...string) (addr string, err error) {
	own, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(own, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	cmd.Env = append(os.Environ(), "WORKBOOK_SERVER=1")
	log, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	line, _ := bufio.NewReader(log).ReadString('\n')
	_, addr, found := strings.Cut(strings.TrimSpace(line), "addr=")
	if !found {
		return "", fmt.Errorf("the server doesn't listen, and says: %s", line)
	}
	return addr, nil
}
