package reference

import (
	"maps"
	"sync"
)

func init() {
	maps.Copy(wrongs, map[string]func(*world) []string{
		faultUnsafeGet:   seeUnsafeGet,
		faultInheritance: seeInheritance,
		faultFirstFactor: seeFirstFactor,
		faultMixedUp:     seeMixedUp,
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
