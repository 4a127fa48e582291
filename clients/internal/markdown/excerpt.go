package markdown

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// IsGap reports whether a line of an excerpt stands for lines that are left out: a comment
// of three dots.
func IsGap(line string) bool {
	line = strings.TrimSpace(line)
	return line == "// ..." || line == "# ..."
}

// Locate returns for each line of an excerpt its number in the text, or 0 for a gap and the
// empty lines beside it. An excerpt is made of whole lines in their order, and only at a gap
// may lines be left out.
func Locate(lines, text []string, isGap func(string) bool) ([]int, error) {
	numbers := make([]int, len(lines))
	pieces := Pieces(lines, isGap)
	if len(pieces) == 0 {
		return nil, errors.New("the block quotes nothing")
	}
	end := 0
	for _, p := range pieces {
		piece := lines[p.From:p.To]
		begin := index(text[end:], piece)
		if begin < 0 {
			return nil, fmt.Errorf("this is not in the file, or not after what comes before it:\n%s",
				strings.Join(piece, "\n"))
		}
		for i := range piece {
			numbers[p.From+i] = end + begin + i + 1
		}
		end += begin + len(piece)
	}
	return numbers, nil
}

// A Piece is the lines From to before To of an excerpt.
type Piece struct{ From, To int }

// Pieces cuts lines at the gaps. Empty lines at the ends of a piece are no part of it.
func Pieces(lines []string, isGap func(string) bool) []Piece {
	var pieces []Piece
	for from := 0; from < len(lines); {
		to := from
		for to < len(lines) && !isGap(lines[to]) {
			to++
		}
		if p := trim(lines, Piece{from, to}); p.From < p.To {
			pieces = append(pieces, p)
		}
		from = to + 1
	}
	return pieces
}

func trim(lines []string, p Piece) Piece {
	for p.From < p.To && lines[p.From] == "" {
		p.From++
	}
	for p.From < p.To && lines[p.To-1] == "" {
		p.To--
	}
	return p
}

// index returns where the piece begins in the text, or -1.
func index(text, piece []string) int {
	for i := range len(text) - len(piece) + 1 {
		if slices.Equal(text[i:i+len(piece)], piece) {
			return i
		}
	}
	return -1
}
