package reference

import (
	"bufio"
	"context"
	"maps"
	"net/http"
	"strings"
	"sync"

	"github.com/coder/websocket/wsjson"
)

func init() {
	maps.Copy(wrongs, map[string]func(*world) []string{
		faultUnsafeGet:    seeUnsafeGet,
		faultInheritance:  seeInheritance,
		faultDeafChannels: seeDeafChannels,
		faultNothingThere: seeNothingThere,
		faultFirstFactor:  seeFirstFactor,
		faultMixedUp:      seeMixedUp,
	})
}

func seeUnsafeGet(w *world) []string {
	phone, desk, _ := w.cast()
	var found findings
	methods, paths := []string{"GET", "HEAD", "OPTIONS"}, []string{"/", "/logout", "/account", "/help"}
	if !w.html() { // whoami itself is asked no more often than needed: there is a fault that counts
		_, who := phone.way("who")
		methods, paths = methods[1:], []string{who}
	}
	for _, path := range paths {
		for _, method := range methods {
			phone.replay().send(method, path, "", "")
		}
	}
	found.want(phone, "alice", "after safe requests")
	found.want(desk, "bob", "after somebody else's safe requests")
	return found
}

func seeInheritance(w *world) []string {
	phone, _, _ := w.cast()
	phone.write("alice's own")
	phone.in("bob")
	var found findings
	found.want(phone, "bob", "after bob signed in")
	found.when(phone.read() == "alice's own" && !sameDrawer(w), "bob reads what alice stored")
	return found
}

// sameDrawer tells that notes follow the address, which is another fault's.
func sameDrawer(w *world) bool {
	one, two := w.visitor("127.0.0.7").in("alice"), w.visitor("127.0.0.7").in("bob")
	one.write("mine")
	return two.read() == "mine"
}

func seeFirstFactor(w *world) []string {
	w.provision("dora", RoleSecondFactor)
	half := w.visitor("127.0.0.6").in("dora")
	path := "/notes"
	if !w.html() {
		_, path = half.way("notes")
	}
	var found findings
	found.want(half, "pending", "after the first factor")
	a := half.send("GET", path, "", "")
	found.when(a.status == 200, "the notes are open after the first factor")
	return found
}

func seeMixedUp(w *world) []string {
	names := []string{"ann", "ben", "cid", "dot"}
	visitors := make([]*visitor, len(names))
	for i, name := range names {
		w.provision(name, RoleUser)
		visitors[i] = w.visitor("127.0.0.8")
	}
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { visitors[i].with(name, "pw-"+name) })
	}
	wg.Wait()
	var found findings
	held := map[string]bool{}
	for i, name := range names {
		found.when(held[visitors[i].held()], "the token of %s was handed out before", name)
		held[visitors[i].held()] = true
	}
	return found
}

func seeDeafChannels(w *world) []string {
	var found findings
	phone, desk, _ := w.cast()
	switch w.dialect {
	case "app":
		req, err := http.NewRequestWithContext(w.t.Context(), "GET", w.srv.URL()+"/api/events", nil)
		if err != nil {
			w.t.Fatal(err)
		}
		req.Header.Set("X-Session-Token", phone.token)
		res, err := phone.http.Do(req)
		if err != nil {
			w.t.Fatal(err)
		}
		defer res.Body.Close()
		lines := bufio.NewScanner(res.Body)
		next := func() string { // the data of the next event, "" at the end
			for lines.Scan() {
				if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
					return data
				}
			}
			return ""
		}
		desk.json("POST", "/api/events", map[string]string{"to": "alice", "text": "first"})
		found.when(!strings.Contains(next(), "first"), "a live stream carries nothing")
		w.key.as("expire", "alice", nil)
		desk.json("POST", "/api/events", map[string]string{"to": "alice", "text": "second"})
		found.when(next() != "", "the stream goes on after its session")
	case "realtime":
		socket, _ := dialSocket(w.t, phone, map[string]any{})
		w.key.as("expire", "alice", nil)
		var got map[string]any
		ctx, cancel := context.WithCancel(w.t.Context())
		defer cancel()
		err := wsjson.Write(ctx, socket, map[string]string{"op": "whoami"})
		if err == nil {
			err = wsjson.Read(ctx, socket, &got)
		}
		found.when(err == nil, "the socket goes on after its session: %v", got)
	}
	return found
}

func seeNothingThere(w *world) []string {
	phone, _, _ := w.cast()
	tablet := w.visitor("127.0.0.6").in("alice")
	handle := tablet.handle()
	tablet.out()
	a := phone.revoke(handle)
	var found findings
	found.when(a.status >= 500, "to revoke a session that is over is answered %d", a.status)
	return found
}
