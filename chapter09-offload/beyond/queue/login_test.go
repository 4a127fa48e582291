package queue

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLogin proves that a login that is refused is an error, for both sides.
func TestLogin(t *testing.T) {
	t.Parallel()
	broker := runBroker(t, &server.Options{Port: server.RANDOM_PORT, StoreDir: t.TempDir(), Username: "me", Password: "secret"})
	refused(t, Options{URL: "nats://me:wrong@" + broker.Addr().String()}, "Authorization Violation")
	accepted(t, Options{URL: "nats://me:secret@" + broker.Addr().String()})
}

// TestEnvironment proves that the URL comes from the environment unless a flag says
// otherwise, and that the help shows no password.
func TestEnvironment(t *testing.T) {
	t.Setenv("NATS_URL", "nats://me:secret@127.0.0.1:1")
	for want, args := range map[string][]string{
		"nats://me:secret@127.0.0.1:1": nil,
		"nats://127.0.0.1:2":           {"-queue", "nats://127.0.0.1:2"},
		"":                             {"-queue", ""},
	} {
		var o Options
		var help strings.Builder
		flags := flag.NewFlagSet("", flag.ContinueOnError)
		flags.SetOutput(&help)
		o.Flags(flags)
		require.NoError(t, flags.Parse(args))
		assert.Equal(t, want, o.URL)
		flags.PrintDefaults()
		assert.NotContains(t, help.String(), "secret")
	}
}

// TestNoJetStream proves that both sides say what a broker lacks, and find out by themselves
// when it lacks nothing any more.
func TestNoJetStream(t *testing.T) {
	messages, dir := logged(t), t.TempDir() // removed last: the broker writes until its end
	broker := runBroker(t, &server.Options{Port: server.RANDOM_PORT})
	conn := mustConnect(t, broker.ClientURL())
	_, _, err := open(t.Context(), conn, 1)
	assert.ErrorIs(t, err, jetstream.ErrJetStreamNotEnabled)
	c := newClientWith(t, Options{URL: broker.ClientURL()}, func(context.Context, uint64) (bool, error) { return false, nil })
	start(t, broker.ClientURL(), &Workers{N: 1, Check: yes})
	expect(messages, here)
	expect(messages, "no checks for a while")
	assert.False(t, <-ask(t, c, large))
	setRoom(c, 0) // from now on it's the worker's
	require.NoError(t, broker.EnableJetStream(&server.JetStreamConfig{StoreDir: dir}))
	for due := []string{there, "taking checks"}; len(due) > 0; {
		message := <-messages
		due = slices.DeleteFunc(due, func(d string) bool { return d == message })
	}
	assert.True(t, <-ask(t, c, large))
}

// TestTLS proves that a broker is trusted if the file says so, and not otherwise.
func TestTLS(t *testing.T) {
	t.Parallel()
	certificate, ca := certify(t, time.Hour)
	broker := runBroker(t, withTLS(server.RANDOM_PORT, t.TempDir(), certificate))
	url := "tls://" + broker.Addr().String()
	refused(t, Options{URL: url}, "certificate signed by unknown authority")
	refused(t, Options{URL: url, CA: filepath.Join(t.TempDir(), "missing")}, "no such file")
	accepted(t, Options{URL: url, CA: ca})
}

// TestExpiredCertificate proves that both sides say so when a broker comes back with a
// certificate that has expired, that checks are made here then, and that a side which starts
// after that is told.
func TestExpiredCertificate(t *testing.T) {
	errs := said(t)
	good, ca := certify(t, time.Hour)
	expired, expiredCA := certify(t, -time.Hour)
	broker := runBroker(t, withTLS(server.RANDOM_PORT, t.TempDir(), good))
	addr := broker.Addr().String()
	o := Options{URL: "tls://" + addr, CA: ca}
	c := newClientWith(t, o, yes)
	startWith(t, o, &Workers{N: 1, Check: yes})
	require.NotNil(t, c.current())
	shutdown(broker)
	runBroker(t, withTLS(port(addr), t.TempDir(), expired))
	expect(errs, "certificate has expired") // one of them
	expect(errs, "certificate has expired") // and the other
	assert.True(t, <-ask(t, c, large))
	refused(t, Options{URL: o.URL, CA: expiredCA}, "certificate has expired")
}

// withTLS returns what a broker needs that keeps its queue in a folder and has a certificate.
func withTLS(port int, dir string, certificate tls.Certificate) *server.Options {
	return &server.Options{
		Port: port, StoreDir: dir, TLS: true, TLSTimeout: time.Minute.Seconds(),
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}},
	}
}

// TestCreds proves that a user with credentials is let in, and one without is not.
func TestCreds(t *testing.T) {
	t.Parallel()
	url, login := withAccount(t)
	refused(t, Options{URL: url}, "Authorization Violation")
	accepted(t, Options{URL: url, Creds: login(time.Hour)})
}

// TestExpiredCreds proves that the log says so when credentials expire while they are in use, and
// that checks are made here after that.
func TestExpiredCreds(t *testing.T) {
	errs := said(t)
	url, login := withAccount(t)
	var c *Client
	for valid := 2 * time.Second; c == nil; valid *= 2 { // a slow machine needs more
		c, _ = NewClient(t.Context(), Options{URL: url, Creds: login(valid)}, yes, 0)
	}
	t.Cleanup(c.Close)
	expect(errs, "expired")
	assert.True(t, <-ask(t, c, large))
}

// withAccount starts a broker that has an account, and returns a function that writes the
// credentials of a user who may log in for some time.
func withAccount(t *testing.T) (url string, login func(time.Duration) (file string)) {
	operator, account, user := must(nkeys.CreateOperator()), must(nkeys.CreateAccount()), must(nkeys.CreateUser())
	accountID, operatorID := must(account.PublicKey()), must(operator.PublicKey())
	claims := jwt.NewAccountClaims(accountID)
	claims.Limits.JetStreamLimits = jwt.JetStreamLimits{DiskStorage: -1, MemoryStorage: -1, Streams: -1, Consumer: -1}
	accounts := &server.MemAccResolver{}
	require.NoError(t, accounts.Store(accountID, must(claims.Encode(operator))))
	system := must(must(nkeys.CreateAccount()).PublicKey())
	require.NoError(t, accounts.Store(system, must(jwt.NewAccountClaims(system).Encode(operator))))
	broker := runBroker(t, &server.Options{
		Port: server.RANDOM_PORT, StoreDir: t.TempDir(),
		TrustedKeys: []string{operatorID}, AccountResolver: accounts, SystemAccount: system,
	})
	// The first login of an account tidies the account's folder, while the next may be
	// putting a stream there. A client would try again; the test has the folder tidied now.
	must(broker.LookupAccount(accountID))
	return broker.ClientURL(), func(valid time.Duration) string {
		claims := jwt.NewUserClaims(must(user.PublicKey()))
		claims.Expires = time.Now().Add(valid).Unix()
		file := filepath.Join(t.TempDir(), "user.creds")
		require.NoError(t, os.WriteFile(file, must(jwt.FormatUserConfig(must(claims.Encode(account)), must(user.Seed()))), 0o600))
		return file
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// refused expects an error for the server and for a checker.
func refused(t *testing.T, o Options, want string) {
	t.Helper()
	_, err := NewClient(t.Context(), o, nil, 0)
	require.ErrorContains(t, err, want) // or the workers would not end either
	assert.ErrorContains(t, (&Workers{N: 1}).Run(t.Context(), o), want)
}

// accepted expects that a check is made by a worker.
func accepted(t *testing.T, o Options) {
	t.Helper()
	startWith(t, o, &Workers{N: 1, Check: yes})
	c := newClientWith(t, o, nil)
	setRoom(c, 0)
	assert.True(t, <-ask(t, c, large))
}

// certify returns a certificate for 127.0.0.1 that is valid for some time, and the file of the
// authority that has signed it: itself.
func certify(t *testing.T, valid time.Duration) (certificate tls.Certificate, ca string) {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotAfter: time.Now().Add(valid), IsCA: true, BasicConstraintsValid: true,
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	ca = filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	require.NoError(t, os.WriteFile(ca, block, 0o600))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, ca
}
