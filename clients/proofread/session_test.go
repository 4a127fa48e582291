package proofread

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

// TestShorterScript proves that only the long prime is another in the script that is run, and that
// a script which has none is found out.
func TestShorterScript(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a/simple_test_client.py", "ask(2305843009213693951)\nask(7)\n")
	write(t, "b/simple_test_client.py", "ask(7)\n")
	s := &Session{dir: "a", port: "41234", programs: NewPrograms(t.TempDir())}
	command, err := s.client("time python3 simple_test_client.py")
	require.NoError(t, err)
	path := s.programs.dir + "/simple_test_client.py"
	assert.Equal(t, "time python3 '"+path+"' 127.0.0.1 41234", command)
	assert.Equal(t, "ask(144115188075855859)\nask(7)\n", string(must(os.ReadFile(path))))
	_, err = s.client("python3 ../b/simple_test_client.py")
	assert.ErrorContains(t, err, "does not ask for the long prime")
}
