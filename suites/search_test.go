package suites

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// derived are the forms in which a secret may turn up. It is written without a
// look at package redact, whose forms it is there to test.
func derived(secret string) []string {
	every := func(format string) string {
		var b strings.Builder
		for i := range len(secret) {
			fmt.Fprintf(&b, format, secret[i])
		}
		return b.String()
	}
	quoted, _ := json.Marshal(secret)
	hexed := hex.EncodeToString([]byte(secret))
	out := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), url.QueryEscape(url.QueryEscape(secret)), every("%%%02x"), every("%%%02X"),
		strings.Trim(string(quoted), `"`), every(`\u%04x`), html.EscapeString(secret), hexed, strings.ToUpper(hexed)}
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 { // what is certain to be in the base64 of any text around it
			bits := 8 * (before + len(secret))
			out = append(out, enc.EncodeToString([]byte("\x00\x00"[:before] + secret))[(8*before+5)/6:bits/6])
		}
	}
	return append(out, halvesOf(secret)...)
}

// halvesOf are the two parts of a long secret that was split.
func halvesOf(secret string) []string {
	if len(secret) < 20 {
		return nil
	}
	return []string{secret[:len(secret)/2], secret[len(secret)/2:]}
}

// finder looks for thousands of forms at a time, by their first bytes.
type finder struct {
	byHead      map[[8]byte][]string
	forms, hits int
}

func searchFor(secrets map[string]bool) *finder {
	f := &finder{byHead: map[[8]byte][]string{}}
	for secret := range secrets {
		for _, form := range derived(secret) {
			if len(form) < 8 {
				continue
			}
			head := [8]byte([]byte(form[:8]))
			if !slices.Contains(f.byHead[head], form) {
				f.byHead[head] = append(f.byHead[head], form)
				f.forms++
			}
		}
	}
	return f
}

// look searches an artefact, and what it decodes to.
func (f *finder) look(t *testing.T, where, text string) {
	t.Helper()
	for how, text := range decoded(text) {
		for i := 0; i+8 <= len(text); i++ {
			for _, form := range f.byHead[[8]byte([]byte(text[i:i+8]))] {
				if !strings.HasPrefix(text[i:], form) {
					continue
				}
				f.hits++
				if f.hits < 5 {
					t.Errorf("%s (%s) holds a secret as %q: %q", where, how, form, text[max(0, i-60):min(len(text), i+len(form)+20)])
				}
			}
		}
	}
}

var (
	base64Word = regexp.MustCompile(`[A-Za-z0-9+/_-]{16,}`)
	escapes    = regexp.MustCompile(`\\u00([0-9a-fA-F]{2})`)
)

// decoded is what a reader could get out of a text, by the name of the way.
func decoded(text string) map[string]string {
	out := map[string]string{"as it is": text, "HTML": html.UnescapeString(text)}
	out["JSON"] = escapes.ReplaceAllStringFunc(text, func(e string) string { b, _ := hex.DecodeString(e[4:]); return string(b) })
	out["JSON in JSON"] = strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\/`, `/`).Replace(out["JSON"])
	var percent strings.Builder
	for i := 0; i < len(text); i++ { // url.QueryUnescape gives up at the first percent sign that is none
		if b, err := hex.DecodeString(text[min(i+1, len(text)):min(i+3, len(text))]); text[i] == '%' && err == nil && len(b) == 1 {
			percent.WriteByte(b[0])
			i += 2
			continue
		}
		percent.WriteByte(text[i])
	}
	out["percent"] = percent.String()
	var b64, hexed strings.Builder
	for _, word := range base64Word.FindAllString(text, -1) {
		if b, err := hex.DecodeString(word[:len(word)/2*2]); err == nil {
			hexed.Write(append(b, ' '))
		}
		word = strings.NewReplacer("-", "+", "_", "/").Replace(word)
		for cut := range 4 {
			tail := word[cut:]
			if b, err := base64.RawStdEncoding.DecodeString(tail[:len(tail)/4*4]); err == nil {
				b64.Write(append(b, ' '))
			}
		}
	}
	out["base64"], out["hex"] = b64.String(), hexed.String()
	return out
}

// gossip repeats every secret that a request brings or an answer gives, in header
// lines and in the body, in all derived forms.
func gossip(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		rec := newRecorder()
		next.ServeHTTP(rec, r)
		var secrets []string
		for _, c := range append(r.Cookies(), (&http.Response{Header: rec.header}).Cookies()...) {
			secrets = append(secrets, c.Value)
		}
		var said map[string]any
		if json.Unmarshal(body, &said) == nil {
			for _, field := range []string{"password", "new"} {
				if v, ok := said[field].(string); ok {
					secrets = append(secrets, v)
				}
			}
		}
		var told []string
		for _, s := range secrets {
			if len(s) < 8 {
				continue
			}
			basic := base64.StdEncoding.EncodeToString([]byte("alice:" + s))
			token := base64.URLEncoding.EncodeToString([]byte(`{"sub":"alice","t":"` + s + `"}`))
			told = append(told, append(derived(s), "Basic "+basic, token, url.QueryEscape(basic))...)
			for before := range 3 {
				told = append(told, base64.StdEncoding.EncodeToString([]byte("abc"[:before]+s+"xyz")), base64.RawURLEncoding.EncodeToString([]byte("abc"[:before]+s+"xyz")))
			}
			if half := halvesOf(s); half != nil {
				told = append(told, half[0]+`" + "`+half[1])
			}
		}
		for k, v := range rec.header {
			w.Header()[k] = v
		}
		for i, text := range told {
			w.Header().Set(fmt.Sprintf("X-Gossip-%d", i), text)
		}
		if rec.status == http.StatusNoContent || rec.status == http.StatusOK && rec.body.Len() > 0 {
			w.WriteHeader(rec.status) // a body that has to stay what it is
			_, _ = w.Write(rec.body.Bytes())
			return
		}
		w.WriteHeader(rec.status)
		_ = json.NewEncoder(w).Encode(map[string]any{"told": told})
		fmt.Fprintf(w, "<p>%s", html.EscapeString(strings.Join(told, "\n")))
	})
}

type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
	once   sync.Once
}

func newRecorder() *recorder { return &recorder{header: http.Header{}, status: http.StatusOK} }

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
func (r *recorder) WriteHeader(status int)      { r.once.Do(func() { r.status = status }) }

// TestTheSearchFinds: what the finder is there for, it finds.
func TestTheSearchFinds(t *testing.T) {
	secret := "Aa1-s3cr3t/of+20=chars"
	f := searchFor(map[string]bool{secret: true})
	for _, text := range append(derived(secret), base64.StdEncoding.EncodeToString([]byte("alice:"+secret)), base64.URLEncoding.EncodeToString([]byte("ab"+secret+"c")),
		hex.EncodeToString([]byte("x"+secret)), `"`+halvesOf(secret)[0]+`" + "`) {
		silent := &testing.T{}
		f.hits = 5 // no words about it
		f.look(silent, "", "before "+text+" after")
		if f.hits == 5 {
			t.Errorf("not found in %q", text)
		}
	}
}
