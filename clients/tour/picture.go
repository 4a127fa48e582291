package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"example.com/concurrent-network-server/clients/internal/chapters"
	"example.com/concurrent-network-server/clients/tour/timeline"
)

// pictureName is the file in a chapter's folder that its README shows.
const pictureName = "timeline.svg"

func writePicture(c chapters.Chapter, t timeline.Timeline) error {
	var svg bytes.Buffer
	if err := t.Picture(fmt.Sprintf("Chapter %d: %s", c.Number, c.Name)).Write(&svg); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.Dir, pictureName), svg.Bytes(), 0o644)
}
