package proofread

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWithPort(t *testing.T) {
	s := &Session{port: "41234"}
	tests := []struct{ command, want string }{
		{"python3 ../clients/simple_test_client.py", "python3 ../clients/simple_test_client.py 127.0.0.1 41234"},
		{"time python3 simple_test_client.py 127.0.0.1 7878", "time python3 simple_test_client.py 127.0.0.1 41234"},
		{"go run ../clients/talk '^a$'", "go run ../clients/talk -addr 127.0.0.1:41234 '^a$'"},
		{"go run ./talk", "go run ./talk -addr 127.0.0.1:41234"},
		{"go run clients/idle -n 4 &", "go run clients/idle -addr 127.0.0.1:41234 -n 4 &"},
		{"go run ../clients/replay", "go run ../clients/replay -addr 127.0.0.1:41234"},
		{"go run ../clients/conform -run a", "go run ../clients/conform -addr 127.0.0.1:41234 -run a"},
		{"go run .", "go run . -addr 127.0.0.1:41234"},
		{"printf '^a$' | nc 127.0.0.1 7878", "printf '^a$' | nc 127.0.0.1 41234"},
		{"go run ./talkative", "go run ./talkative"},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, s.withPort(test.command))
	}
	s.port = "37878"
	assert.Equal(t, "go run ./idle -addr 127.0.0.1:37878", s.withPort("go run ./idle"))
}
