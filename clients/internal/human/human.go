// Package human writes numbers for people: short, and with three digits that count.
package human

import (
	"fmt"
	"strconv"
	"time"
)

// Duration writes a duration like 47µs, 3.20ms, 1.41s or 11.3s.
func Duration(d time.Duration) string {
	switch {
	case d < time.Microsecond:
		return fmt.Sprintf("%dns", d.Nanoseconds())
	case d < 9995*time.Nanosecond:
		return digits(float64(d)/1e3) + "µs"
	case d < 999500*time.Nanosecond:
		return fmt.Sprintf("%.0fµs", float64(d)/1e3)
	case d < 999500*time.Microsecond:
		return digits(float64(d)/1e6) + "ms"
	}
	return digits(d.Seconds()) + "s"
}

// digits writes a number with three digits that count, or more before the point.
func digits(f float64) string {
	switch {
	case f < 9.995:
		return strconv.FormatFloat(f, 'f', 2, 64)
	case f < 99.95:
		return strconv.FormatFloat(f, 'f', 1, 64)
	}
	return strconv.FormatFloat(f, 'f', 0, 64)
}

// Count writes a number with commas: 41,234.
func Count(f float64) string {
	s := strconv.FormatFloat(f, 'f', 0, 64)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Bytes writes a number of bytes like 640 B or 4.25 kB.
func Bytes(f float64) string {
	switch {
	case f < 999.5:
		return strconv.FormatFloat(f, 'f', 0, 64) + " B"
	case f < 999.5e3:
		return digits(f/1e3) + " kB"
	}
	return digits(f/1e6) + " MB"
}
