package browsers

import (
	"net/http"
	"testing"
)

// Forms are filled in and sent by what people read on them.
func TestLocators(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e Engine) {
		base := site(t, map[string]http.HandlerFunc{
			"/": shows(`<title>x</title><h1>Sign in</h1><form action=/end>
				<label for=a>User  name: *</label><input id=a name=user>
				<label>Password <input name=pass type=password></label>
				<input name=code aria-label="One-time code">
				<span id=pin>Your PIN</span><input name=pin aria-labelledby=pin>
				<label><select name=lang><option>English<option>Deutsch</select> Language</label>
				<a href=/other>Sign in another way</a>
				<div role=button tabindex=0 onclick="document.title='div'">Help</div>
				<button type=button aria-label="Close" onclick="document.title='closed'">x</button>
				<button>Sign&nbsp;in</button></form>`),
			"/end": func(w http.ResponseWriter, r *http.Request) { shows("<p id=got>"+r.URL.RawQuery+"</p>")(w, r) },
		})
		ctx := t.Context()
		b := launchIn(t, e, Options{})
		ok(t, b.Open(ctx, base+"/"))
		for _, f := range [][2]string{{"label=user name", "zoe"}, {"label=Password", "pw"}, {"label=One-time code", "1"}, {"role=textbox Your PIN", "2"}, {"label=Language", "Deutsch"}} {
			ok(t, b.Fill(ctx, f[0], f[1]))
		}
		for css, want := range map[string]bool{"role=heading Sign in": true, "role=link": true, "role=link Sign in": false, "role=button": true, "label=nobody": false, "h1": true} {
			if got, err := b.Visible(ctx, css); err != nil || got != want {
				t.Errorf("%s: %v %v, want %v", css, got, err, want)
			}
		}
		for click, title := range map[string]string{"role=button Help": "div", "role=button Close": "closed"} {
			ok(t, b.Click(ctx, click))
			var got string
			if ok(t, b.Eval(ctx, "document.title", &got)); got != title {
				t.Errorf("%s: %q", click, got)
			}
		}
		if s, err := Look(ctx, b, "role=heading Sign in", "role=heading Sign up"); err != nil || !s.Seen["role=heading Sign in"] || s.Seen["role=heading Sign up"] {
			t.Errorf("%+v %v", s, err)
		}
		ok(t, b.Click(ctx, "role=button Sign in"))
		if got, err := b.Text(ctx, "#got"); err != nil || got != "user=zoe&pass=pw&code=1&pin=2&lang=Deutsch" {
			t.Errorf("sent %q %v", got, err)
		}
	})
}
