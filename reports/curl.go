package reports

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sessionspec/sessionspec/internal/history"
)

// curlBody is the longest body that is worth repeating on a command line.
const curlBody = 2000

// automatic are headers that curl writes by itself.
var automatic = []string{"Host", "Content-Length", "Accept", "Accept-Encoding", "Connection", "Transfer-Encoding"}

// curlOf is a command line that sends the request once more, "" where that makes
// no sense (no http address, a long body, bytes). Tags such as ‹alice.laptop#1›
// stand where the secret has to go.
func curlOf(q history.Request) string {
	if !strings.HasPrefix(q.URL, "http://") && !strings.HasPrefix(q.URL, "https://") || len(q.Body) > curlBody ||
		!utf8.ValidString(q.Body) || strings.ContainsRune(q.Body, 0) {
		return ""
	}
	args := []string{"curl", "-i"}
	if q.Method != http.MethodGet {
		args = append(args, "-X", q.Method)
	}
	if q.Source != "" {
		args = append(args, "--interface", q.Source)
	}
	for _, h := range q.Header {
		if !slices.ContainsFunc(automatic, func(name string) bool { return strings.EqualFold(name, h.Name) }) {
			args = append(args, "-H", h.Name+": "+h.Value)
		}
	}
	if q.Body != "" {
		args = append(args, "--data-raw", q.Body)
	}
	args = append(args, q.URL)
	for i := range args {
		args[i] = ShellWord(oneLine(args[i]))
	}
	return strings.Join(args, " ")
}
