package main

import "sync"

// account is one account. Passwords are kept in clear: how they are kept
// concerns no session, and a run signs in hundreds of times.
type account struct {
	ID                   int
	Name, Password, Role string
	Active               bool
}

// accounts are in memory; the zero value is empty.
type accounts struct {
	mu     sync.Mutex
	byName map[string]*account
	last   int
}

// create makes an account; false if the name is taken.
func (a *accounts) create(name, password, role string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if name == "" || password == "" || a.byName[name] != nil {
		return false
	}
	if a.byName == nil {
		a.byName = map[string]*account{}
	}
	a.last++ // no id is given twice: a second account of the same name is another one
	a.byName[name] = &account{a.last, name, password, role, true}
	return true
}

// get returns a copy of an account.
func (a *accounts) get(name string) (account, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if x := a.byName[name]; x != nil {
		return *x, true
	}
	return account{}, false
}

// byID returns a copy of an account that is not switched off.
func (a *accounts) byID(id int) (account, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, x := range a.byName {
		if x.ID == id && x.Active {
			return *x, true
		}
	}
	return account{}, false
}

// change changes an account; false if there is none of that name.
func (a *accounts) change(name string, f func(*account)) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	x := a.byName[name]
	if x != nil {
		f(x)
	}
	return x != nil
}

func (a *accounts) delete(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.byName, name)
}
