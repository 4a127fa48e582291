package site

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/concurrent-network-server/clients/exercise/desk"
	"example.com/concurrent-network-server/clients/exercise/hole"
	"example.com/concurrent-network-server/clients/exercise/hole/holetest"
	"example.com/concurrent-network-server/clients/internal/chapters"
)

// atDesk returns a workbook of two exercises for a reader at his desk, and for everybody.
func atDesk(t *testing.T) (mine, everybodys *Book, d *desk.Desk) {
	holetest.Task(t)
	holetest.Write(t, "README.md", readme)
	holetest.Write(t, "chapter01-adder/README.md", "# Chapter 1: adding\n\nText.\n")
	list, root, err := chapters.Find()
	require.NoError(t, err)
	d, err = desk.Open(list, root)
	require.NoError(t, err)
	mine, err = Load(os.DirFS("."), Options{Base: "/", Desk: d})
	require.NoError(t, err)
	everybodys, err = Load(os.DirFS("."), Options{Base: "/"})
	require.NoError(t, err)
	return mine, everybodys, d
}

func (b *Book) text(t *testing.T, page string) string {
	p, err := b.Page(page)
	require.NoError(t, err)
	return string(p.Body)
}

// TestWritten: the pages that are served to the reader know at once what he has written; the others
// know nothing of anybody.
func TestWritten(t *testing.T) {
	mine, everybodys, d := atDesk(t)
	const page = "chapter01-adder/exercises/1-add/"
	assert.Contains(t, mine.text(t, "chapter01-adder/"), `<span data-chapter="1">0</span> of 2 written</a>`)
	assert.Contains(t, mine.text(t, "exercises/"), `<span class="how">Next is</span> <a href="../chapter01-adder/exercises/1-add/">1.1 Add</a>`)
	assert.Contains(t, mine.text(t, page), `<span class="ticked" hidden>`)

	_, _, err := d.Start(d.Exercises[1], "", false)
	require.NoError(t, err)
	_, err = d.Change(func(p *hole.Progress) { p.Solved["1.1"] = true })
	require.NoError(t, err)
	assert.Contains(t, mine.text(t, "chapter01-adder/"), `<span data-chapter="1">1</span> of 2 written</a>`)
	list := mine.text(t, "exercises/")
	assert.Contains(t, list, `<span class="how">You have begun</span> <a href="../chapter01-adder/exercises/2-double/">1.2 Double</a>`)
	assert.Contains(t, list, `<li data-exercise="1.1" class="solved">`)
	assert.Contains(t, list, `<li data-exercise="1.2" class="begun">`)
	assert.Contains(t, list, "10 minutes")
	assert.Contains(t, mine.text(t, page), `<span class="ticked"><`)

	assert.Contains(t, everybodys.text(t, "chapter01-adder/"), ">2 exercises</a>")
	assert.NotContains(t, everybodys.text(t, "exercises/"), "written</span>")
	for _, text := range []string{everybodys.text(t, page), everybodys.text(t, "exercises/")} {
		assert.NotContains(t, text, "ticked")
		assert.NotContains(t, text, "begun")
	}
	assert.NotContains(t, everybodys.text(t, page), "data-exercise")
	assert.Contains(t, everybodys.text(t, page), "go run ./clients/exercise start 1.1\n")

	holetest.Write(t, "my/progress.json", "{")
	assert.Contains(t, mine.text(t, "chapter01-adder/"), `<span data-chapter="1">0</span> of 2 written</a>`, "the book can be read")
}

// TestExercisePage has its chapter, its level and its neighbours.
func TestExercisePage(t *testing.T) {
	_, book, _ := atDesk(t)
	got := book.text(t, "chapter01-adder/exercises/1-add/")
	for _, want := range []string{"<h1>1.1 Add</h1>", `<a href="../../../chapter01-adder/">Chapter 1: adding</a>`, `core<span class="dot"> · </span>5 minutes`,
		`rel="prev" href="../../../exercises/"`, `rel="next" href="../2-double/"`, "<summary>Hint 1</summary>"} {
		assert.Contains(t, got, want)
	}
	assert.NotContains(t, book.text(t, "chapter01-adder/exercises/2-double/"), "two * n")
}
