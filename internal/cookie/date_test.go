package cookie

import (
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	nov6 := time.Date(1994, 11, 6, 8, 49, 37, 0, time.UTC)
	for _, c := range []struct {
		in   string
		want time.Time // zero: fails
	}{
		{"Sun, 06 Nov 1994 08:49:37 GMT", nov6},
		{"Sunday, 06-Nov-94 08:49:37 GMT", nov6}, // RFC 850
		{"Sun Nov  6 08:49:37 1994", nov6},       // asctime
		{"Sun, 06-Nov-1994 08:49:37 GMT", nov6},  // Netscape
		{"06 NOVEMBER 1994 8:49:37", nov6},       // any case, any tail after the month
		{"1994 Nov 06 08:49:37", nov6},           // year first: four digits are no day
		{"08:49:37 6 Nov 1994 PST", nov6},        // the zone is not looked at
		{"6th Nov 1994AD 08:49:37.5", nov6},      // tails that are not digits
		{"Fri, 06 Nov 1994 08:49:37 GMT", nov6},  // wrong weekday
		{"06/Nov;1994\t08:49:37", nov6},          // other delimiters
		{"01 Jan 70 00:00:00", time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"01 Jan 99 00:00:00", time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"01 Jan 69 00:00:00", time.Date(2069, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"01 Jan 00 00:00:00", time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"01 Jan 1601 00:00:00", time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"29 Feb 2024 23:59:59", time.Date(2024, 2, 29, 23, 59, 59, 0, time.UTC)},
		{"01 Jan 1600 00:00:00", time.Time{}},
		{"01 Jan 101 00:00:00", time.Time{}}, // three digits are a year, and too early
		{"29 Feb 2023 00:00:00", time.Time{}},
		{"31 Apr 2024 00:00:00", time.Time{}},
		{"00 Jan 2024 00:00:00", time.Time{}},
		{"32 Jan 2024 00:00:00", time.Time{}},
		{"01 Jan 2024 24:00:00", time.Time{}},
		{"01 Jan 2024 00:60:00", time.Time{}},
		{"01 Jan 2024 00:00:60", time.Time{}},
		{"01 Jan 2024 00:00", time.Time{}},
		{"01 Jan 2024 00:00:000", time.Time{}},
		{"01 anf 2024 00:00:00", time.Time{}}, // stands across two month names
		{"01 Ja 2024 00:00:00", time.Time{}},
		{"01 Jan 20240 00:00:00", time.Time{}},
		{"Jan 2024 00:00:00", time.Time{}},
		{"1700000000", time.Time{}},
		{"whenever", time.Time{}},
		{"", time.Time{}},
	} {
		got, ok := ParseDate(c.in)
		if ok == c.want.IsZero() || ok && !got.Equal(c.want) {
			t.Errorf("ParseDate(%q) = %v, %v; want %v", c.in, got, ok, c.want)
		}
	}
}
