package play

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/cookie"
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// account is a person's name and password at the target.
type account struct {
	role, name, password string
	// mu guards what the branches of a parallel step change: password, its number
	// and what goes with it, unborn.
	mu sync.Mutex
	// version numbers the password, versions counts the numbers given away, and
	// changes the changes that went well.
	version, versions, changes int
	// maybe are passwords that it may have instead: changes crossed.
	maybe []password
	// former is the name before the last renaming, born the one it began with:
	// a new name is no new address.
	former, born string
	// unborn accounts are made by their first sign-in.
	unborn bool
}

func (a *account) email() string { return cmp.Or(a.born, a.name) + "@example.org" }

// rename books another name.
func (a *account) rename(name string) {
	a.born, a.former, a.name = cmp.Or(a.born, a.name), a.name, name
}

// client is one user agent: its jar, its kept values, its disk, its address.
type client struct {
	env     *Env
	spec    story.Client
	who     *account
	address string
	agent   string
	headers map[string]string
	jar     *cookie.Jar
	kept    targets.Vars
	// connection is the typed value of ${connection}.
	connection any
	home       string
	browser    browsers.Browser
	clock      *browsers.Clock     // of the browser, nil for the machine's
	aged       time.Duration       // how far that clock is ahead
	pictures   bool                // evidence is wanted of every page that it visits
	unable     string              // why its engine could not do something; "" while it could
	tab        int                 // of the browser, in which it goes on
	begun      *begun              // nil where no form was begun
	journaled  int                 // exchanges of the browser that are booked already
	heeded     int                 // messages of its console that are booked already
	held       []history.JarCookie // the browser's jar as it was read last

	// shows, where set, is what its requests show in place of what the jar holds.
	shows *guise

	// base, where set, is asked instead of the target's.
	base string
	// using is what it held when its last refresh began, spent when its last good
	// one did, copied when it signed out last; nil for never.
	using, spent, copied *holdings
	// cache, where set, is asked before the target; from is whose answer it gave.
	cache *sharedCache
	from  string
	// given are the cookies, session cookies excepted, that it held at any time
	// since it began its last sign-in.
	given []cookie.Cookie
	// asked is the role that it asked for a link for last.
	asked string
	// looked is the answer that was looked through for credentials last, found what was there.
	looked *history.Exchange
	found  []history.Offer

	// passed is what answers offered and it did not keep.
	passed []passed
	// opens makes a websocket step leave its channel open; channel is the one that is.
	opens   bool
	channel *channel
	heard   *error // what the last use of a channel came to; nil before there was one

	// pause, where set, waits while the last byte of a request is kept back; holding
	// tells that the request under way is that one.
	pause   func(context.Context)
	holding bool
	last    string // id of the credential that it held last

	requests int
	learnt   int
	creds    int
	holds    string // fingerprint of what it holds
	handled  bool   // a handle has come with the operation under way
}

func (e *Env) newClient(spec story.Client, address string) *client {
	if spec.In == "" {
		spec.In = "wire"
	}
	return &client{env: e, spec: spec, address: address, jar: &cookie.Jar{}, kept: targets.Vars{"credential": targets.Missing{}},
		agent: "sessionspec/" + spec.Name + "-" + e.nonce(), connection: "c-" + e.nonce() + e.nonce()}
}

// open prepares what the kind of client needs before its first step.
// own says that its browser must have a process and a profile to itself.
func (c *client) open(ctx context.Context, engine browsers.Engine, own bool) error {
	switch c.spec.In {
	case "wire":
	case "browser":
		if c.spec.Private != "" {
			return nil // see openPrivate
		}
		b, err := engine.Launch(ctx, browsers.Options{Source: c.address, AllowRemote: !c.env.loopback, Shared: !own,
			ThirdParty: browsers.ThirdParty(c.spec.ThirdParty), Clock: c.clock})
		if err != nil {
			return fmt.Errorf("client %s: %w", c.spec.Name, c.able(err))
		}
		c.browser = b
		return c.watch(ctx)
	default:
		c.home = filepath.Join(c.env.Target.Vars["work"], "homes", c.agent[len("sessionspec/"):])
		if err := os.MkdirAll(c.home, 0o700); err != nil {
			return err
		}
	}
	return nil
}

// able notes what the engine of the browser cannot do, and returns the error.
func (c *client) able(err error) error {
	if errors.Is(err, browsers.ErrUnable) && c.unable == "" {
		c.unable = err.Error()
	}
	return err
}

func (c *client) close() {
	if c.channel != nil {
		c.channel.shut()
	}
	if c.browser != nil {
		_ = c.browser.Kill()
	}
	if c.clock != nil {
		_ = c.clock.Close()
	}
	if c.home != "" {
		os.RemoveAll(c.home)
	}
}

// given are the variables that an operation gives, empty where it does not.
var given = []string{"text", "actor", "user", "password", "new_password", "email", "role"}

// varsOf are the variables of the run, from which those of each step are made.
func varsOf(t *targets.Target) targets.Vars {
	v := t.RunVars()
	for _, k := range given {
		v[k] = ""
	}
	return v
}

// vars are everything a step of this client may refer to.
func (c *client) vars(extra targets.Vars) targets.Vars {
	v := maps.Clone(c.env.vars)
	for k, x := range c.kept {
		if !slices.Contains(given, k) {
			v[k] = x
		}
	}
	v["agent"], v["connection"], v["home"] = c.agent, c.connection, c.home
	if c.who != nil {
		v["actor"] = c.who.name
	}
	for k, x := range extra {
		v[k] = x
	}
	return v
}

func (c *client) jarValue(name string) string {
	for _, k := range c.jar.All() {
		if k.Name == name {
			return k.Value
		}
	}
	return ""
}

// receive books an answer: cookies into the jar, a handed-out credential into
// the client's memory, as a client does that keeps what it is given.
func (c *client) receive(x *history.Exchange) {
	c.requests++
	if x.Response == nil {
		return
	}
	if lines := x.Response.Header.Values("Set-Cookie"); len(lines) > 0 {
		u, err := url.Parse(x.Request.URL)
		if err != nil {
			return
		}
		for _, line := range lines {
			c.jar.Set(u, line, x.End)
		}
	}
	c.collect()
	for _, o := range c.offers(x, 0) {
		if o.Kind == "value" {
			c.kept["credential"] = o.Value
		}
	}
	if c.env.Learn != nil {
		seen := *x
		if c.shows != nil { // made up, most of it: nothing to hide, and much to show
			seen.Request = history.Request{Method: x.Request.Method}
		}
		c.env.Learn.LearnExchange(c.env.scope(), c.spec.Name, seen)
	}
}

// syncBrowser copies the browser's jar into ours, so that the rest of the
// player need not know the difference.
func (c *client) syncBrowser(ctx context.Context) error {
	if c.browser == nil {
		return nil
	}
	list, err := c.browser.Jar(ctx)
	if err != nil {
		return c.able(err)
	}
	c.jar, c.held = &cookie.Jar{}, nil
	for _, k := range list {
		c.held = append(c.held, c.heldCookie(k))
		if !ownPartition(k) {
			continue // for frames of another site alone
		}
		hostOnly := k.HostOnly == nil || *k.HostOnly
		c.jar.Put(cookie.Cookie{Name: k.Name, Value: k.Value, Domain: k.Domain, HostOnly: hostOnly, Path: k.Path,
			Secure: k.Secure, HttpOnly: k.HTTPOnly, Persistent: !k.Session, Expires: k.Expires, Created: time.Now()})
	}
	return nil
}

// readStorage looks at the client's own disk.
func (c *client) readStorage() (*history.Storage, error) {
	kind, ok := c.env.Target.Clients[c.spec.In]
	if !ok || kind.Storage == nil {
		return nil, nil
	}
	path, _, err := kind.Storage.File.Expand(c.vars(nil))
	if err != nil {
		return nil, err
	}
	st := &history.Storage{File: strings.Replace(path, c.home, "~", 1)}
	data, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	v, found, err := kind.Storage.Credential.From(&targets.Answer{Body: string(data), Stdout: string(data)}, c.vars(nil))
	if err != nil {
		return nil, err
	}
	st.Holds, st.Value = found, v
	c.kept["credential"] = targets.Missing{}
	if found {
		c.kept["credential"] = v
	}
	return st, nil
}

// carriers is what presents the client's session now.
func (c *client) carriers() (out []history.Carrier) {
	for _, k := range c.jar.All() {
		if c.env.sessionCookie(k.Name) && k.Value != "" {
			out = append(out, history.Carrier{Kind: "cookie", Name: k.Name, Value: k.Value, Domain: k.Domain, Path: k.Path, HostOnly: k.HostOnly})
		}
	}
	if v, ok := c.kept["credential"].(string); ok && v != "" {
		out = append(out, history.Carrier{Kind: "value", Name: "credential", Value: v})
	}
	return out
}

// tagOf is the tag of one value of a credential: its id, where it is the only one.
func tagOf(id string, all []history.Carrier, x history.Carrier) string {
	if len(all) == 1 {
		return id
	}
	return id + ":" + x.Name
}

func fingerprint(cs []history.Carrier) string {
	var b strings.Builder
	for _, x := range cs {
		b.WriteString(x.Kind + " " + x.Name + "=" + x.Value + ";")
	}
	return b.String()
}

// jarRecord is the jar as evidence.
func (c *client) jarRecord() (out []history.JarCookie) {
	if c.browser != nil {
		return c.held
	}
	for _, k := range c.jar.All() {
		out = append(out, history.JarCookie{Name: k.Name, Value: k.Value, Domain: k.Domain, HostOnly: k.HostOnly, Path: k.Path,
			Persistent: k.Persistent, Expires: k.Expires, Secure: k.Secure, HTTPOnly: k.HttpOnly, SameSite: sameSiteWord(k.SameSite),
			Session: c.env.Cal.Done && c.env.Cal.Session[k.Name], Claim: c.env.claimCookie(k.Name)})
	}
	return out
}

// twin is a clean client that presents just one credential, from the address
// and over the connection of its owner: a jar that forgot proves nothing.
func (c *client) twin(carriers []history.Carrier) *client {
	t := &client{env: c.env, spec: story.Client{Name: c.spec.Name, In: "wire", Strip: c.spec.Strip}, address: c.address, jar: &cookie.Jar{},
		kept: targets.Vars{"credential": targets.Missing{}}, agent: c.agent, connection: c.connection, headers: c.headers, who: c.who}
	for _, x := range carriers {
		switch x.Kind {
		case "cookie":
			t.jar.Put(cookie.Cookie{Name: x.Name, Value: x.Value, Domain: x.Domain, Path: x.Path, HostOnly: x.HostOnly, Created: time.Now()})
		default:
			t.kept[x.Name] = x.Value
		}
	}
	return t
}
