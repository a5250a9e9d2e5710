package bench

import (
	"fmt"
	"net/http"
	"net/http/httptest"
)

// newSite is a small application to sign in to: sid is the session, seen a
// cookie that outlives the browser.
func newSite() *httptest.Server {
	page := func(w http.ResponseWriter, body string) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><title>x</title>", body)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", func(w http.ResponseWriter, _ *http.Request) {
		page(w, `<form method=post><input id=user name=user><input id=pass name=pass type=password><button id=go>Go</button></form>`)
	})
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("user") == "alice" && r.FormValue("pass") == "secret" {
			w.Header()["Set-Cookie"] = []string{"sid=alice; Path=/; HttpOnly; SameSite=Lax", "seen=1; Path=/; Max-Age=3600"}
		}
		http.Redirect(w, r, "/home", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /home", func(w http.ResponseWriter, r *http.Request) {
		who := "nobody"
		if k, err := r.Cookie("sid"); err == nil && k.Value == "alice" {
			who = k.Value
		}
		page(w, `<p id=who>`+who+`</p><form method=post action=/logout><button id=out>Out</button></form>`)
	})
	mux.HandleFunc("POST /logout", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "sid=; Path=/; Max-Age=0")
		http.Redirect(w, r, "/bye", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /bye", func(w http.ResponseWriter, _ *http.Request) { page(w, "<p id=bye>bye</p>") })
	return httptest.NewServer(mux)
}
