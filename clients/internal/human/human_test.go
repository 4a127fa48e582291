package human

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestDuration(t *testing.T) {
	tests := map[time.Duration]string{
		0:                          "0ns",
		999:                        "999ns",
		7_140:                      "7.14µs",
		9_996:                      "10µs",
		47_400:                     "47µs",
		999_499:                    "999µs",
		999_500:                    "1.00ms",
		23_450 * time.Microsecond:  "23.4ms",
		999_600 * time.Microsecond: "1.00s",
		1_405 * time.Millisecond:   "1.41s",
		11_250 * time.Millisecond:  "11.2s",
		2 * time.Minute:            "120s",
	}
	for d, want := range tests {
		assert.Equal(t, want, Duration(d))
	}
}

func TestCount(t *testing.T) {
	for f, want := range map[float64]string{0: "0", 999.4: "999", 1000: "1,000", 41_234.5: "41,234", 1_234_567: "1,234,567", -1000: "-1,000"} {
		assert.Equal(t, want, Count(f))
	}
}

func TestBytes(t *testing.T) {
	for f, want := range map[float64]string{0: "0 B", 640.4: "640 B", 4_480: "4.48 kB", 999_600: "1.00 MB", -40: "-40 B"} {
		assert.Equal(t, want, Bytes(f))
	}
}
