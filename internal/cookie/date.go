package cookie

import (
	"strings"
	"time"
)

// ParseDate reads a cookie-date by the tolerant algorithm of section 5.1.1, in
// UTC; ok is false when it fails. Time zones and weekdays are not looked at, so
// IMF-fixdate, RFC 850, asctime and dashed dates all come out alike.
func ParseDate(s string) (date time.Time, ok bool) {
	var hour, minute, second, day, month, year int
	var haveTime, haveDay, haveMonth, haveYear bool
	for _, token := range strings.FieldsFunc(s, isDateDelimiter) {
		if !haveTime {
			if hour, minute, second, haveTime = clock(token); haveTime {
				continue
			}
		}
		if !haveDay {
			if day, haveDay = leadingNumber(token, 1, 2); haveDay {
				continue
			}
		}
		if !haveMonth {
			if month, haveMonth = monthName(token); haveMonth {
				continue
			}
		}
		if !haveYear {
			year, haveYear = leadingNumber(token, 2, 4)
		}
	}
	if !haveTime || !haveDay || !haveMonth || !haveYear {
		return time.Time{}, false
	}
	if year <= 69 {
		year += 2000
	} else if year <= 99 {
		year += 1900
	}
	if day < 1 || day > 31 || year < 1601 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	date = time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	return date, date.Day() == day // 30 February would have rolled over: no such date
}

// isDateDelimiter takes runes because strings.FieldsFunc gives them; all
// delimiters are ASCII, and octets from 0x80 up are never one.
func isDateDelimiter(r rune) bool {
	return r == 0x09 || r >= 0x20 && r <= 0x2F || r >= 0x3B && r <= 0x40 ||
		r >= 0x5B && r <= 0x60 || r >= 0x7B && r <= 0x7E
}

// leadingNumber matches low*highDIGIT [ non-digit *OCTET ].
func leadingNumber(token string, low, high int) (value int, ok bool) {
	value, rest, ok := digits(token, low, high)
	return value, ok && (rest == "" || !isDigit(rest[0]))
}

// clock matches hms-time [ non-digit *OCTET ].
func clock(token string) (hour, minute, second int, ok bool) {
	hour, rest, ok := digits(token, 1, 2)
	if !ok || rest == "" || rest[0] != ':' {
		return 0, 0, 0, false
	}
	minute, rest, ok = digits(rest[1:], 1, 2)
	if !ok || rest == "" || rest[0] != ':' {
		return 0, 0, 0, false
	}
	second, ok = leadingNumber(rest[1:], 1, 2)
	return hour, minute, second, ok
}

// digits takes up to high digits off the front and wants at least low of them.
func digits(s string, low, high int) (value int, rest string, ok bool) {
	n := 0
	for n < len(s) && n < high && isDigit(s[n]) {
		value = value*10 + int(s[n]-'0')
		n++
	}
	return value, s[n:], n >= low
}

func monthName(token string) (month int, ok bool) {
	const names = "janfebmaraprmayjunjulaugsepoctnovdec"
	if len(token) < 3 {
		return 0, false
	}
	at := strings.Index(names, lower(token[:3]))
	if at < 0 || at%3 != 0 { // "anf" stands in names too
		return 0, false
	}
	return at/3 + 1, true
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// lower is strings.ToLower for ASCII only. Unicode rules would turn the Kelvin
// sign into a "k", which section 2.2's case-insensitivity does not.
func lower(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= 'A' && b[i] <= 'Z' {
					b[i] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}

// hasPrefixFold says whether s begins with the given lower-case ASCII prefix.
func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && lower(s[:len(prefix)]) == prefix
}
