package browsers

import (
	"net/http"
	"testing"
)

// A page that wants to go elsewhere is waited for. Each row is a click after
// which it does not, and Click must know that by more than its patience.
func TestWebKitKnowsWhatStartsNoLoad(t *testing.T) {
	t.Parallel()
	base := site(t, map[string]http.HandlerFunc{
		"/": shows(`<iframe name=in src=/in hidden></iframe>
			<a id=hash href=#part>x</a> <a id=javascript href="javascript:void 0">x</a> <a id=inside href=/in?2 target=in>x</a>
			<form action=/in method=post target=in><button id=form>x</button></form>
			<button id=frame onclick="document.body.append(Object.assign(document.createElement('iframe'), {src: '/in?3'}))">x</button>
			<button id=written onclick="document.body.append(Object.assign(document.createElement('iframe'), {srcdoc: 'x'}))">x</button>
			<button id=blank onclick="document.body.append(document.createElement('iframe'))">x</button>
			<button id=push onclick="history.pushState({}, '', '/pushed')">x</button>
			<button id=back onclick="history.back()">x</button>
			<button id=reload onclick="location.reload()">x</button>
			<a id=mail href=mailto:a@b.test>x</a> <a id=save href=/save>x</a> <a id=none href=/none>x</a>
			<a id=data href="data:text/html,x">x</a>
			<button id=stop onclick="location = '/end'; stop()">x</button>
			<button id=twice onclick="location = '/in'; location = '/end'">x</button>`),
		"/in":  shows("x"),
		"/end": shows("x"),
		"/save": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Disposition", "attachment")
			w.Header().Set("Content-Type", "application/octet-stream")
		},
		"/none": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
	})
	e := webkitEngine{}
	if _, err := e.Probe(t.Context()); err != nil {
		t.Skipf("NOT TESTED: %v", err)
	}
	ctx := t.Context()
	b := launchIn(t, e, Options{})
	for _, id := range []string{"hash", "javascript", "inside", "form", "frame", "written", "blank", "push", "back", "reload", "mail", "save", "none", "data", "stop", "twice"} {
		ok(t, b.Open(ctx, base+"/#"+id))
		if err := b.Click(ctx, "#"+id); err != nil && id != "mail" {
			t.Errorf("%s: %v", id, err)
		}
		w := b.(*driven).run.(*webkit)
		w.nav.mu.Lock()
		if !w.nav.requested.IsZero() {
			t.Errorf("%s: still waiting for %v", id, w.asked)
		}
		w.nav.mu.Unlock()
	}
}
