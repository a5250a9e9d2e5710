package browsers

import (
	"net/http"
	"testing"
	"time"
)

func TestFill(t *testing.T) {
	t.Parallel()
	eachWay(t, testFill)
}

func testFill(t *testing.T, e Engine) {
	base := site(t, map[string]http.HandlerFunc{
		"/": shows(`<script>var log = []; for (const type of ["input", "change"]) addEventListener(type, e => log.push(type + ":" + e.target.id))</script>
			<p style="display:none"><input class=twice value=wrong></p><input class=twice id=twice>
			<input id=text value=old maxlength=5><input id=mail type=email value=old><input id=day type=date>
			<textarea id=area>old</textarea><div id=rich contenteditable>old</div><input id=emptied value=old>
			<input id=box type=checkbox><p id=para>x</p><select id=list><option>a<option value=2>b</select>`),
	})
	ctx := t.Context()
	b := launchIn(t, e, Options{})
	ok(t, b.Open(ctx, base))
	for _, c := range []struct{ css, text, property, want string }{
		{".twice", "seen", "value", "seen"},
		{"#text", "a\"'<é", "value", "a\"'<é"},
		{"#mail", "a@b.test", "value", "a@b.test"},
		{"#day", "2026-02-03", "value", "2026-02-03"},
		{"#area", "two\nlines", "value", "two\nlines"},
		{"#rich", "rich", "textContent", "rich"},
		{"#emptied", "", "value", ""},
		{"#list", "b", "value", "2"},
	} {
		ok(t, b.Fill(ctx, c.css, c.text))
		var got string
		ok(t, b.Eval(ctx, `[...document.querySelectorAll("`+c.css+`")].at(-1).`+c.property, &got))
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.css, got, c.want)
		}
	}
	var events []string
	ok(t, b.Eval(ctx, "log", &events))
	seen := map[string]bool{}
	for _, e := range events {
		seen[e] = true
	}
	for _, want := range []string{"input:text", "change:text", "input:emptied", "change:emptied", "input:rich", "change:list"} {
		if !seen[want] {
			t.Errorf("no event %s in %v", want, events)
		}
	}
	for _, css := range []string{"#box", "#para"} {
		if err := b.Fill(ctx, css, "x"); err == nil {
			t.Errorf("%s was filled", css)
		}
	}
	if err := b.Fill(ctx, "#list", "c"); err == nil {
		t.Error("an option that does not exist was chosen")
	}

	t.Run("behind a popup", func(t *testing.T) {
		if e.Name() == "webkit" {
			t.Skip("NOT TESTED: without a window manager the windows of WebKitGTK do not cover each other")
		}
		var hidden bool
		ok(t, b.Eval(ctx, "window.open('/').opener !== null", nil))
		for end := time.Now().Add(StepTimeout); !hidden && time.Now().Before(end); { // Firefox takes its time
			ok(t, b.Eval(ctx, "document.hidden", &hidden))
		}
		if !hidden {
			t.Error("the popup did not come in front; this test shows nothing")
		}
		ok(t, b.Fill(ctx, "#text", "new"))
		ok(t, b.Click(ctx, "#box"))
		var checked bool
		ok(t, b.Eval(ctx, "document.querySelector('#box').checked", &checked))
		if !checked {
			t.Error("the click did not reach the page")
		}
		ok(t, b.Eval(ctx, "void window.open('/')", nil))
		if _, err := b.Screenshot(ctx); err != nil {
			t.Error(err)
		}
	})
}
