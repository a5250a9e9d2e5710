package yamlx

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v4"
)

func (d *document) add(line, col int, msg string) {
	key := fmt.Sprint(line, ":", col, ":", msg)
	if len(d.errs) >= maxErrors || d.said[key] {
		return
	}
	if d.said == nil {
		d.said = map[string]bool{}
	}
	d.said[key] = true
	e := &Error{Pos: Pos{d.file, line, col}, Msg: msg}
	if line >= 1 && line <= len(d.lines) {
		text := strings.TrimRight(d.lines[line-1], "\r")
		if len(text) <= 200 {
			num := strconv.Itoa(line)
			e.Excerpt = fmt.Sprintf("  %s | %s\n  %s | %s^", num, printable(text),
				strings.Repeat(" ", len(num)), indent(text, col-1))
		}
	}
	d.errs = append(d.errs, e)
}

// indent is as wide as the first n characters of the line: a tab stays a tab.
func indent(line string, n int) string {
	var b strings.Builder
	for i, r := range []rune(line) {
		if i >= n {
			break
		}
		if r == '\t' {
			b.WriteRune(r)
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String() + strings.Repeat(" ", max(n-utf8.RuneCountInString(line), 0))
}

// printable keeps control characters of a broken file away from the terminal.
func printable(line string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError {
			return '\uFFFD'
		}
		return r
	}, strings.TrimPrefix(line, "\uFEFF"))
}

// encoding looks for what the library complains about without saying where.
func (d *document) encoding() {
	for i, line := range d.lines {
		for _, bom := range []string{"\xff\xfe", "\xfe\xff"} {
			if i == 0 && strings.HasPrefix(line, bom) {
				d.add(1, 1, "the file is UTF-16; save it as UTF-8")
				return
			}
		}
		col := 0
		for at, r := range line {
			col++
			_, size := utf8.DecodeRuneInString(line[at:])
			if r == utf8.RuneError && size < 2 {
				d.add(i+1, col, fmt.Sprintf("byte 0x%02x is not UTF-8", line[at]))
				return
			}
			if r < ' ' && r != '\t' && r != '\r' || r == 0x7f {
				d.add(i+1, col, fmt.Sprintf("control character %U", r))
				return
			}
		}
	}
}

var lineInText = regexp.MustCompile(`line (\d+)(?:, column (\d+))?:? *`)

// addYAML turns the library's own complaints into ours; where it gives no
// mark, the place stands in the text.
func (d *document) addYAML(err error) {
	var many *yaml.LoadErrors
	if errors.As(err, &many) {
		for _, e := range many.Errors {
			d.addYAML(e)
		}
		return
	}
	var one *yaml.LoadError
	if errors.As(err, &one) && one.Mark.Line > 0 {
		line, msg := one.Mark.Line, one.Message
		if line <= len(d.lines) {
			text := d.lines[line-1]
			if lead := text[:len(text)-len(strings.TrimLeft(text, " \t"))]; strings.Contains(lead, "\t") {
				msg += "; the line is indented by a tab, YAML takes spaces only"
			}
		}
		d.add(line, max(one.Mark.Column, 1), msg)
		return
	}
	msg, line, col := err.Error(), 1, 1
	if m := lineInText.FindStringSubmatch(msg); m != nil {
		line, _ = strconv.Atoi(m[1])
		if m[2] != "" {
			col, _ = strconv.Atoi(m[2])
		}
		msg = lineInText.ReplaceAllString(msg, "")
	}
	d.add(line, col, strings.TrimPrefix(msg, "yaml: "))
}
