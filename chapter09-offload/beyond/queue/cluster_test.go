package queue

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReplicas proves that whoever creates the queue has it kept on as many brokers as -replicas
// says, and that the log warns of one that is lost with one broker.
func TestReplicas(t *testing.T) {
	messages := logged(t)
	urls, _ := runCluster(t)
	for replicas, warns := range map[int]bool{1: true, 3: false} {
		c := newClientWith(t, Options{URL: urls, Replicas: replicas}, yes)
		var said []string
		for len(said) == 0 || said[len(said)-1] != there {
			said = append(said, <-messages)
		}
		assert.Equal(t, warns, strings.Contains(strings.Join(said, "\n"), "the queue is lost with one broker"), said)
		_, stream := raw(t, urls)
		assert.Equal(t, replicas, stream.CachedInfo().Config.Replicas)
		c.Close()
		js, _, err := open(t.Context(), mustConnect(t, urls), replicas)
		require.NoError(t, err)
		require.NoError(t, js.DeleteStream(t.Context(), streamName))
	}
}

// TestNoQuorum proves that checks are made here while one of three brokers is left, which takes
// nothing alone, and by the workers when the others are back.
func TestNoQuorum(t *testing.T) {
	if testing.Short() {
		t.Skip("takes ten seconds: brokers are slow to elect")
	}
	messages := logged(t)
	urls, brokers := runCluster(t)
	c := newClientWith(t, Options{URL: urls, Replicas: 3}, yes)
	expect(messages, there)
	for _, b := range brokers[1:] {
		b.stop()
	}
	local := ask(t, c, large)
	expect(messages, here)
	assert.True(t, <-local)
	call := c.begin(t.Context(), large) // it's the pool's at once: the others need not find out
	assert.NotNil(t, <-call.turn)
	c.end(call)
	setRoom(c, 0)
	for _, b := range brokers[1:] {
		b.start(t)
	}
	expect(messages, there)
	start(t, urls, &Workers{N: 1, Check: yes})
	assert.True(t, <-ask(t, c, large))
}

// TestOnlyBrokersJoin proves that the README's configuration lets brokers with a certificate join,
// and nobody else.
func TestOnlyBrokersJoin(t *testing.T) {
	certificate, ca := certify(t, time.Hour)
	key := filepath.Join(t.TempDir(), "key.pem")
	der := must(x509.MarshalPKCS8PrivateKey(certificate.PrivateKey))
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
	for name, value := range map[string]string{"STORE": t.TempDir(), "CERT": ca, "KEY": key, "CA": ca,
		"NAME": "127.0.0.1", "ADMIN_PASSWORD": "a", "SERVER_PASSWORD": "s", "CHECKER_PASSWORD": "c"} {
		t.Setenv(name, value)
	}
	join := func(name string, routes ...*url.URL) *server.Server {
		o, err := server.ProcessConfigFile("testdata/nats.conf")
		require.NoError(t, err)
		o.ServerName, o.Port, o.Cluster.Port, o.Routes = name, server.RANDOM_PORT, server.RANDOM_PORT, routes
		o.JetStream, o.NoSigs, o.NoLog = false, true, true
		broker, err := server.NewServer(o)
		require.NoError(t, err)
		broker.Start()
		t.Cleanup(func() { shutdown(broker) })
		require.True(t, broker.ReadyForConnections(time.Minute))
		return broker
	}
	first := join("n1")
	addr := first.ClusterAddr().String()
	join("n2", &url.URL{Scheme: "nats", Host: addr})
	require.Eventually(t, func() bool { return first.NumRoutes() > 0 }, time.Minute, time.Millisecond, "a broker can't join")

	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	defer conn.Close()
	stranger := tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	err = stranger.Handshake()
	if err == nil { // the broker says no after the client has done its part
		_, err = stranger.Read(make([]byte, 1))
	}
	assert.ErrorContains(t, err, "certificate required", "who has no certificate may join")
}

// A member is one broker of a cluster. It can be started again, with its disk.
type member struct {
	options *server.Options
	broker  *server.Server
}

func (m *member) start(t *testing.T) {
	options := *m.options // a broker changes its own
	m.broker = runBroker(t, &options)
}

func (m *member) stop() { shutdown(m.broker) }

// runCluster starts three brokers, and returns their URLs, separated by commas.
func runCluster(t *testing.T) (urls string, members []*member) {
	var clients, routes []string
	for range 3 {
		clients, routes = append(clients, freePort(t)), append(routes, "nats://"+freePort(t))
	}
	for i := range 3 {
		m := &member{options: &server.Options{
			ServerName: fmt.Sprint("n", i), Port: port(clients[i]), StoreDir: t.TempDir(),
			Cluster: server.ClusterOpts{Name: "checks", Host: "127.0.0.1", Port: port(routes[i])},
			Routes:  server.RoutesFromStr(strings.Join(routes, ",")),
		}}
		m.start(t)
		members = append(members, m)
	}
	return "nats://" + strings.Join(clients, ",nats://"), members
}

// freePort returns an address at which nobody listens.
func freePort(t *testing.T) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	return ln.Addr().String()
}

func port(addr string) int {
	return must(strconv.Atoi(addr[strings.LastIndex(addr, ":")+1:]))
}
