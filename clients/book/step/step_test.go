package step

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// apply makes the new text from the old one and the hunks, as patch does: what is not in
// a hunk stays, and what is must be there.
func apply(t *testing.T, old string, hunks []Hunk) string {
	lines := strings.SplitAfter(old, "\n")
	var b strings.Builder
	at := 0
	for _, h := range hunks {
		for ; at < h.Old; at++ {
			b.WriteString(lines[at])
		}
		require.Equal(t, h.New, strings.Count(b.String(), "\n"))
		for _, block := range h.Blocks {
			for _, row := range block.Rows {
				if row.Old != nil {
					require.Equal(t, lines[at], row.Old.Code.Text()+"\n")
					at++
					require.Equal(t, at, row.Old.Number)
				}
			}
			for _, row := range block.Rows {
				if row.New != nil {
					b.WriteString(row.New.Code.Text() + "\n")
					require.Equal(t, row.New.Number, strings.Count(b.String(), "\n"))
				}
			}
		}
	}
	return b.String() + strings.Join(lines[at:], "")
}

// TestHunks makes the new text from the old and the difference, for many texts.
func TestHunks(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var b strings.Builder
		for range random.IntN(30) {
			b.WriteString([]string{"a\n", "b b\n", "b c\n", "\n", "}\n", "\tx(y, z)\n"}[random.IntN(6)])
		}
		return b.String()
	}
	for range 500 {
		old, new := text(), text()
		require.Equal(t, new, apply(t, old, hunks("a.txt", old, new)), "from %q", old)
	}
}

// show writes the hunks like a unified diff, with changed words in brackets.
func show(hunks []Hunk) string {
	var b strings.Builder
	line := func(sign string, l *Line) {
		text := l.Code.Text()
		for i := len(l.Marked) - 1; i >= 0; i-- {
			r := l.Marked[i]
			text = text[:r.Start] + "[" + text[r.Start:r.End] + "]" + text[r.End:]
		}
		fmt.Fprintf(&b, "%s%s\n", sign, text)
	}
	for _, h := range hunks {
		for _, block := range h.Blocks {
			for _, row := range block.Rows {
				if block.Same {
					line(" ", row.Old)
					continue
				}
				if row.Old != nil {
					line("-", row.Old)
				}
				if row.New != nil {
					line("+", row.New)
				}
			}
		}
	}
	return b.String()
}

func TestWords(t *testing.T) {
	got := show(hunks("a.go", "one\n\ts.serve(ctx, conn)\n\twas(here)\n", "one\n\tnew()\n\tclients.Go(func() { s.serve(ctx, conn) })\n"))
	assert.Equal(t, ` one
+	new()
-	s.serve(ctx, conn)
+	[clients.Go(func() { ]s.serve(ctx, conn[) }])
-	was(here)
`, got)
}

// TestWholeFunctions looks at where an insertion begins when there is a choice.
func TestWholeFunctions(t *testing.T) {
	old := "func a() {\n}\n\nfunc c() {\n}\n"
	got := show(hunks("a.go", old, "func a() {\n}\n\nfunc b() {\n}\n\nfunc c() {\n}\n"))
	assert.Equal(t, " func a() {\n }\n \n+func b() {\n+}\n+\n func c() {\n }\n", got)
}

// TestMoves: a file that keeps its name may change more on its way than one that does not.
func TestMoves(t *testing.T) {
	old := Tree{"one", map[string]string{"server.go": "a\nb\nc\nd\ne\n", "poll.go": "1\n2\n3\n4\n"}}
	new := Tree{"two", map[string]string{"server/server.go": "a\nB\nC\nD\nE\n", "wait.go": "1\n2\nC\nD\nE\nF\nG\n"}}
	var got []string
	for _, f := range Compare(old, new) {
		got = append(got, fmt.Sprintf("%s %q %q", f.Kind, f.Old, f.New))
	}
	assert.Equal(t, []string{`removed "poll.go" ""`, `moved "server.go" "server/server.go"`, `added "" "wait.go"`}, got)
}

func TestCompare(t *testing.T) {
	long := strings.Repeat("the same line\n", 5)
	old := Tree{"example.com/one", map[string]string{
		"go.mod": "module example.com/one\n", "main.go": "a\n", "same.go": "b\n",
		"protocol.go": "package main\n" + long, "gone.go": "x\n", "a_test.go": "t\n",
	}}
	new := Tree{"example.com/two", map[string]string{
		"go.mod": "module example.com/two\n", "main.go": "A\n", "same.go": "b\n",
		"protocol/protocol.go": "package protocol\n" + long, "come.go": "y\nz\n", "a_test.go": "t\n",
	}}
	var got []string
	for _, f := range Compare(old, new) {
		removed, added := f.Counts()
		got = append(got, fmt.Sprintf("%s %q %q -%d +%d", f.Kind, f.Old, f.New, removed, added))
	}
	assert.Equal(t, []string{
		`added "" "come.go" -0 +2`,
		`removed "gone.go" "" -1 +0`,
		`changed "main.go" "main.go" -1 +1`,
		`moved "protocol.go" "protocol/protocol.go" -1 +1`,
		`same "same.go" "same.go" -0 +0`,
		`same "a_test.go" "a_test.go" -0 +0`,
		`renamed "go.mod" "go.mod" -1 +1`,
	}, got)
}
