package beside

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/book/booktest"
	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
)

// TestDoor: who has no cookie, comes from another page, or sends no POST, does nothing and sees nothing.
func TestDoor(t *testing.T) {
	r := open(t)
	stranger := booktest.NewReader(t, r.Address)
	stranger.Timeout = 10 * time.Second
	for _, path := range []string{"/desk/1.1/start", "/desk/1.1/open", "/desk/1.1/hint?n=1", "/desk/1.1/events", "/desk/1.1/solution", "/desk/events"} {
		assert.Equal(t, 403, stranger.Post(path, "").StatusCode, path)
		assert.Equal(t, 403, stranger.Ask("GET", path, r.Address, "").StatusCode, path)
		for _, origin := range []string{"http://evil.example", "null", "", r.Address + "0", "https" + r.Address[4:]} {
			assert.Equal(t, 403, r.Ask("POST", path, origin, "").StatusCode, path+" from "+origin)
		}
		assert.Equal(t, 403, r.Ask("PUT", path, r.Address, "").StatusCode, path)
	}
	request, err := http.NewRequest("GET", r.Address+"/desk/events", nil)
	require.NoError(t, err)
	request.Header.Set("Accept", "text/event-stream")
	response, err := stranger.Do(request)
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, 204, response.StatusCode, "which ends an EventSource")
	assert.Equal(t, 405, r.Ask("GET", "/desk/1.1/start", r.Address, "").StatusCode)
	assert.NoDirExists(t, "my")
}

// TestBadNumbers: what there isn't is refused, and is no path.
func TestBadNumbers(t *testing.T) {
	r := open(t)
	for _, id := range []string{"1.2", "7", "x", "..%2f1.1", "1.1%00", "1.1 -again"} {
		assert.Equal(t, 404, r.post("/desk/"+id+"/start").StatusCode, id)
	}
	for _, n := range []string{"", "0", "-1", "3", "x"} {
		assert.Equal(t, 400, r.post("/desk/1.1/hint?n="+n).StatusCode, n)
	}
	assert.Equal(t, 409, r.post("/desk/1.1/open").StatusCode, "there is no copy")
	assert.NoDirExists(t, "my")
}

// TestStartTwice: a copy that is there stays as it is, unless the reader says so, and is put aside then.
func TestStartTwice(t *testing.T) {
	r := begun(t, "return 7")
	response := r.post("/desk/1.1/start")
	assert.Equal(t, 409, response.StatusCode)
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.Equal(t, "my/1.1-add is there already, and stays as it is.\n", string(text))
	own, err := os.ReadFile(mine)
	require.NoError(t, err)
	assert.Contains(t, string(own), "return 7")

	response = r.post("/desk/1.1/start?again=1")
	assert.Equal(t, 200, response.StatusCode)
	assert.Equal(t, "my/1.1-add.1", answer(t, response)["aside"])
	own, err = os.ReadFile(mine)
	require.NoError(t, err)
	assert.Equal(t, holetest.Stub, string(own))
}

func answer(t *testing.T, response *http.Response) (told map[string]string) {
	require.NoError(t, json.NewDecoder(response.Body).Decode(&told))
	return told
}

// TestHints: the page and the terminal count the same hints.
func TestHints(t *testing.T) {
	r := open(t)
	for _, n := range []string{"1", "2", "1"} {
		assert.Equal(t, 200, r.post("/desk/1.1/hint?n="+n).StatusCode)
	}
	p, err := r.desk.Progress()
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"1.1": 2}, p.Hints)
}

// TestSolution: the book's version is shown to who has solved it, beside his own.
func TestSolution(t *testing.T) {
	r := begun(t, "return b + a")
	assert.Equal(t, 403, r.Ask("GET", "/desk/1.1/solution", "", "").StatusCode)
	r.solve()
	response := r.Ask("GET", "/desk/1.1/solution", "", "")
	assert.Equal(t, 200, response.StatusCode)
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.Regexp(t, `<h3>add\.go</h3>(?s:.*)<del class=old>.*return.*<mark>b</mark>(?s:.*)<ins class=new>`, string(text))
	r.write("return b + a", "return a + b")
	text, err = io.ReadAll(r.Ask("GET", "/desk/1.1/solution", "", "").Body)
	require.NoError(t, err)
	assert.Equal(t, "<h3>add.go: yours is the book’s, to the byte</h3>", string(text[1:]))
}

// TestOpen hands the file and the line to the reader's editor, or tells the path.
func TestOpen(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the editors of this test are scripts")
	}
	r := begun(t, "return 7")
	path, err := filepath.Abs(mine)
	require.NoError(t, err)
	opened := func() map[string]string {
		response := r.post("/desk/1.1/open?place=0")
		assert.Equal(t, 200, response.StatusCode)
		return answer(t, response)
	}
	empty := t.TempDir()
	t.Setenv("PATH", empty)
	t.Setenv("VISUAL", "vim")
	assert.Equal(t, map[string]string{"editor": "", "path": path + ":5"}, opened())

	t.Setenv("PATH", "/usr/bin:/bin")
	idea := editorAt(t, "idea", `printf '%s ' "$@" > OUT`)
	assert.Equal(t, "idea", opened()["editor"])
	assert.Equal(t, "--line 5 "+path+" ", idea())
	code := editorAt(t, "code", `printf '%s ' "$@" > OUT`)
	assert.Equal(t, "code", opened()["editor"], "the first of those that are there")
	assert.Equal(t, "-g "+path+":5 ", code())
	t.Setenv("VISUAL", "idea --wait")
	assert.Equal(t, "idea", opened()["editor"], "the reader's own choice")
	editorAt(t, "code", "exit 3")
	t.Setenv("VISUAL", "code")
	assert.Equal(t, map[string]string{"editor": "", "problem": "code can't open it: exit status 3", "path": path + ":5"}, opened())
}

// TestList tells what is solved, begun and next, also what the terminal has just noted.
func TestList(t *testing.T) {
	r := open(t)
	stream := booktest.NewStream(t, r.Ask("GET", "/desk/events", "", ""))
	told := func() string {
		_, text := stream.Next("progress")
		return text
	}
	assert.JSONEq(t, `{"solved":[],"begun":[],"next":"1.1"}`, told())
	require.Equal(t, 200, r.post("/desk/1.1/start").StatusCode)
	assert.JSONEq(t, `{"solved":[],"begun":["1.1"],"next":"1.1"}`, told())
	r.solve()
	assert.JSONEq(t, `{"solved":["1.1"],"begun":["1.1"],"next":""}`, told())
}
