package reports

import (
	"regexp"
	"strings"
)

var plainWord = regexp.MustCompile(`^[\w./:=@%+,-]+$`)

// ShellWord quotes a word for a POSIX shell where it needs that.
func ShellWord(w string) string {
	if plainWord.MatchString(w) {
		return w
	}
	return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
}
