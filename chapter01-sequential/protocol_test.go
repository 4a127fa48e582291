package main

import (
	"bufio"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
)

// TestRequestInPieces proves that a request may need any number of reads: here each of
// them returns one byte.
func TestRequestInPieces(t *testing.T) {
	stream := iotest.OneByteReader(strings.NewReader("noise^P7$"))
	payload, err := ReadRequest(bufio.NewReaderSize(stream, MaxPayload+1))
	assert.NoError(t, err)
	assert.Equal(t, "P7", string(payload), "the request came one byte at a time")
}
