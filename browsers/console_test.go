package browsers

import (
	"bytes"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// What a page writes, throws and cannot load is told, with where it was.
func TestConsole(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e Engine) {
		base := site(t, map[string]http.HandlerFunc{
			"/": shows(`<script>console.log("one", 2, {a: 1}); console.warn("watch out"); throw new Error("nobody caught it")</script><p>page`),
		})
		b := launchIn(t, e, Options{})
		ok(t, b.Open(t.Context(), base+"/"))
		lines := b.(Consoles).Console()
		if e.Name() == "webkit" {
			if len(lines) > 0 {
				t.Errorf("this engine tells nothing, and yet: %+v", lines)
			}
			return
		}
		has := func(kind, text string) {
			t.Helper()
			for _, l := range lines {
				if l.Kind == kind && strings.Contains(l.Text, text) {
					if l.URL != base+"/" || l.Line != 1 && e.Name() == "chrome" || l.At.IsZero() {
						t.Errorf("no place or time: %+v", l)
					}
					return
				}
			}
			t.Errorf("no %s %q in %+v", kind, text, lines)
		}
		has("log", "one 2")
		has("warning", "watch out")
		has("exception", "nobody caught it")
	})
}

// A console that is written to without end is cut off, and so is a long line.
func TestConsoleBounds(t *testing.T) {
	t.Parallel()
	c := &console{}
	for range 2 * consoleMost {
		c.add(history.Console{Text: strings.Repeat("ä", consoleText)})
	}
	if n := len(c.all()); n != consoleMost {
		t.Errorf("%d lines", n)
	}
	if n := len(c.all()[0].Text); n > consoleText+8 {
		t.Errorf("a line of %d bytes", n)
	}
}

func TestFilm(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e Engine) {
		base := site(t, map[string]http.HandlerFunc{"/": shows(`<body style="background:#00f">`)})
		b := launchIn(t, e, Options{})
		ok(t, b.Open(t.Context(), base+"/"))
		jpg, err := Film(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(bytes.NewReader(jpg))
		if err != nil {
			t.Fatal(err)
		}
		r, g, blue, _ := img.At(img.Bounds().Dx()/2, img.Bounds().Dy()/2).RGBA()
		if r > 0x1000 || g > 0x1000 || blue < 0xe000 {
			t.Errorf("the middle is %x %x %x", r, g, blue)
		}
		t.Logf("%d bytes, %s", len(jpg), img.Bounds())
	})
}
