package words

import (
	"strings"
	"unicode/utf8"
)

// Wrap breaks a text at blanks so that no line is wider than width characters,
// unless a single word is; line breaks in the text stay.
func Wrap(text string, width int) string {
	var out []string
	for par := range strings.SplitSeq(text, "\n") {
		line := ""
		for _, w := range strings.Fields(par) {
			switch {
			case line == "":
				line = w
			case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(w) > width:
				out = append(out, line)
				line = w
			default:
				line += " " + w
			}
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// Bullets writes each item wrapped to width behind a mark, later lines indented
// by the mark's width.
func Bullets(mark string, items []string, width int) string {
	n := utf8.RuneCountInString(mark)
	var out []string
	for _, item := range items {
		out = append(out, mark+strings.ReplaceAll(Wrap(item, width-n), "\n", "\n"+strings.Repeat(" ", n)))
	}
	return strings.Join(out, "\n")
}
