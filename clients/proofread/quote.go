package proofread

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// checkQuote compares a block with the file that its second word names. A line with
// nothing but a comment of three dots stands for lines that are left out.
func (b Block) checkQuote() error {
	if len(b.words) != 2 {
		return fmt.Errorf("name the file: ```%s file", b.words[0])
	}
	text, err := readLines(b.file(b.words[1]))
	if err != nil {
		return err
	}
	return excerpt(b.lines, text, func(line string) bool {
		line = strings.TrimSpace(line)
		return line == "// ..." || line == "# ..."
	})
}

func readLines(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimSuffix(lines[i], "\r")
	}
	return lines, err
}

// excerpt reports how the lines fail to be an excerpt of the text: whole lines in
// their order, and only at a gap may lines be left out.
func excerpt(lines, text []string, gap func(string) bool) error {
	pieces := split(lines, gap)
	if len(pieces) == 0 {
		return fmt.Errorf("the block quotes nothing")
	}
	for _, piece := range pieces {
		i := index(text, piece)
		if i < 0 {
			return fmt.Errorf("this is not in the file, or not after what comes before it:\n%s",
				strings.Join(piece, "\n"))
		}
		text = text[i+len(piece):]
	}
	return nil
}

// split cuts the lines at the gaps. Empty lines beside a gap are not part of a piece.
func split(lines []string, gap func(string) bool) [][]string {
	var pieces [][]string
	for len(lines) > 0 {
		end := slices.IndexFunc(lines, gap)
		if end < 0 {
			end = len(lines)
		}
		if piece := trim(lines[:end]); len(piece) > 0 {
			pieces = append(pieces, piece)
		}
		lines = lines[min(end+1, len(lines)):]
	}
	return pieces
}

// trim drops the empty lines at both ends.
func trim(lines []string) []string {
	for len(lines) > 0 && lines[0] == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
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
