package queue

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// permitted starts a broker whose users have the permissions of the README, but for what change
// changes. It returns the URL for a user.
func permitted(t *testing.T, change func(*server.Options)) (url func(user string) string) {
	users, err := os.ReadFile("testdata/users.conf")
	require.NoError(t, err)
	for _, user := range []string{"ADMIN", "SERVER", "CHECKER"} {
		t.Setenv(user+"_PASSWORD", "secret")
	}
	file := filepath.Join(t.TempDir(), "nats.conf")
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, "authorization {\n%s}\n", users), 0o600))
	options, err := server.ProcessConfigFile(file)
	require.NoError(t, err)
	change(options)
	options.Port, options.StoreDir = server.RANDOM_PORT, t.TempDir()
	address := runBroker(t, options).Addr().(*net.TCPAddr)
	url = func(user string) string { return fmt.Sprintf("nats://%s:secret@%v", user, address) }
	js, err := jetstream.New(mustConnect(t, url("admin")))
	require.NoError(t, err)
	for _, config := range []jetstream.StreamConfig{streamConfig, asideConfig} {
		_, err = js.CreateStream(t.Context(), config)
		require.NoError(t, err)
	}
	return url
}

// TestPermissions proves that the permissions of the README are enough: for an answer, for a
// client that leaves, for one that leaves before anybody has begun, and for putting aside.
func TestPermissions(t *testing.T) {
	errs := said(t)
	url := permitted(t, func(*server.Options) {})
	_, stream := raw(t, url("admin"))
	c := newClient(t, url("server"))
	gone, leave := context.WithCancel(t.Context())
	leave()
	_, err := c.Check(gone, large)
	assert.ErrorIs(t, err, context.Canceled)
	c.errands.Wait()
	assert.Zero(t, waiting(t, stream))

	g := newGate()
	start(t, url("checker"), &Workers{N: 1, Check: g.check, Grace: time.Minute})
	answer := ask(t, c, large)
	<-g.entered
	g.release <- struct{}{}
	assert.True(t, <-answer)
	gone, leave = context.WithCancel(t.Context())
	go c.Check(gone, large+2)
	begun := <-g.entered
	leave()
	<-begun.ctx.Done()
	c.keepAside(c.current(), large, []string{"one", "two"})
	for {
		select {
		case err := <-errs:
			assert.NotContains(t, strings.ToLower(err), "permission")
			assert.NotContains(t, err, "aside")
		default:
			return
		}
	}
}

// TestNoPermission proves that the log says which right is missing, in the broker's own words,
// and that the check is made all the same.
func TestNoPermission(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, user := range []string{"server", "checker"} {
		for _, list := range []string{"publish", "subscribe"} {
			for i, subject := range allowed(t, user, list) {
				t.Run(fmt.Sprintf("%s %s %s", user, list, subject), func(t *testing.T) {
					words := said(t)
					withoutRight(t, user, list, i)
					expect(words, "ermissions ")
				})
			}
		}
	}
}

// withoutRight does all that needs rights, while a user lacks one.
func withoutRight(t *testing.T, user, list string, i int) {
	url := permitted(t, func(o *server.Options) {
		rights := subjects(o, user, list)
		*rights = slices.Delete(*rights, i, i+1)
	})
	c := newClientWith(t, Options{URL: url("server")}, yes)
	start(t, url("checker"), &Workers{N: 1, Check: yes})
	assert.True(t, <-ask(t, c, large))
	if q := c.current(); q != nil {
		go c.keepAside(q, large, nil)
		q.conn.Publish(stops+"x", nil)
	}
}

func allowed(t *testing.T, user, list string) (rights []string) {
	permitted(t, func(o *server.Options) { rights = slices.Clone(*subjects(o, user, list)) })
	return rights
}

// subjects returns what a user may publish to, or subscribe to.
func subjects(o *server.Options, user, list string) *[]string {
	i := slices.IndexFunc(o.Users, func(u *server.User) bool { return u.Username == user })
	if list == "publish" {
		return &o.Users[i].Permissions.Publish.Allow
	}
	return &o.Users[i].Permissions.Subscribe.Allow
}
