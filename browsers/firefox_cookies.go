package browsers

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"
)

// bidiCookie is a cookie as WebDriver BiDi writes it ("network.Cookie").
type bidiCookie struct {
	Name     string    `json:"name"`
	Value    bidiBytes `json:"value"`
	Domain   string    `json:"domain"` // with a leading dot for a domain cookie
	Path     string    `json:"path"`
	Size     int       `json:"size,omitempty"`
	HTTPOnly bool      `json:"httpOnly"`
	Secure   bool      `json:"secure"`
	SameSite string    `json:"sameSite,omitempty"` // strict, lax, none or default
	Expiry   *int64    `json:"expiry,omitempty"`   // seconds since 1970
}

type bidiBytes struct {
	Type  string `json:"type"` // string or base64
	Value string `json:"value"`
}

func (v bidiBytes) text() string {
	if v.Type == "base64" {
		return fromBase64(v.Value)
	}
	return v.Value
}

// partition names the cookies that a page of this origin at the top brings
// into play; "" stands for all cookies there are.
func (f *firefox) partition(origin string) map[string]string {
	p := map[string]string{"type": "storageKey", "userContext": f.container}
	if origin != "" {
		p["sourceOrigin"] = origin
	}
	return p
}

func (f *firefox) cookies(ctx context.Context, origin string) ([]bidiCookie, error) {
	var r struct{ Cookies []bidiCookie }
	err := f.conn.Call(ctx, "storage.getCookies", map[string]any{"partition": f.partition(origin)}, &r)
	return r.Cookies, err
}

// jar lists all cookies. Firefox does not say which of them are partitioned.
// But asked for those that count under one page at the top, it leaves out what
// other sites keep elsewhere: a foreign cookie among them is partitioned.
func (f *firefox) jar(ctx context.Context) (out []Cookie, err error) {
	all, err := f.cookies(ctx, "")
	if err != nil {
		return nil, err
	}
	f.nav.mu.Lock()
	origins := slices.Clone(f.origins)
	f.nav.mu.Unlock()
	asked := map[string]bool{}
	for _, origin := range origins {
		scheme, host, _ := strings.Cut(origin, "://")
		site := scheme + "://" + siteOf(host)
		if asked[site] {
			continue
		}
		asked[site] = true
		under, err := f.cookies(ctx, origin)
		if err != nil {
			return nil, err
		}
		for _, k := range under {
			if siteOf(strings.TrimPrefix(k.Domain, ".")) == siteOf(host) {
				continue
			}
			c := k.plain()
			c.PartitionKey = &site
			out = append(out, c)
			if i := slices.IndexFunc(all, func(o bidiCookie) bool { return o.same(k) }); i >= 0 {
				all = slices.Delete(all, i, i+1)
			}
		}
	}
	for _, k := range all {
		out = append(out, k.plain())
	}
	return out, nil
}

func (k bidiCookie) same(o bidiCookie) bool {
	return k.Name == o.Name && k.Value == o.Value && k.Domain == o.Domain && k.Path == o.Path && k.SameSite == o.SameSite
}

// siteOf is the registrable domain of a host, which may have a port.
func siteOf(host string) string {
	host, _ = hostPort(host)
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	if site, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return site
	}
	return host
}

func (k bidiCookie) plain() Cookie {
	hostOnly := !strings.HasPrefix(k.Domain, ".")
	size := k.Size
	out := Cookie{
		Name: k.Name, Value: k.Value.text(), Domain: strings.TrimPrefix(k.Domain, "."), HostOnly: &hostOnly, Path: k.Path,
		Session: k.Expiry == nil, HTTPOnly: k.HTTPOnly, Secure: k.Secure, Size: &size,
		SameSite: map[string]string{"strict": "Strict", "lax": "Lax", "none": "None"}[k.SameSite],
	}
	if k.Expiry != nil {
		out.Expires = time.Unix(*k.Expiry, 0).UTC()
	}
	return out
}

func (f *firefox) setCookie(ctx context.Context, k Cookie) error {
	c := bidiCookie{Name: k.Name, Value: bidiBytes{"string", k.Value}, Domain: k.Domain, Path: k.Path,
		HTTPOnly: k.HTTPOnly, Secure: k.Secure, SameSite: strings.ToLower(k.SameSite)}
	if k.HostOnly != nil && !*k.HostOnly {
		c.Domain = "." + k.Domain
	}
	if c.Path == "" {
		c.Path = "/"
	}
	if c.SameSite == "" {
		c.SameSite = "default"
	}
	if !k.Session && !k.Expires.IsZero() {
		at := k.Expires.Unix()
		c.Expiry = &at
	}
	origin := ""
	if k.PartitionKey != nil {
		origin = *k.PartitionKey
		f.shown(origin)
	}
	return f.conn.Call(ctx, "storage.setCookie", map[string]any{"cookie": c, "partition": f.partition(origin)}, nil)
}

func (f *firefox) clearCookies(ctx context.Context) error {
	return f.conn.Call(ctx, "storage.deleteCookies", map[string]any{"partition": f.partition("")}, nil)
}

// shown notes the site of an address for jar. The caller must not hold nav's lock.
func (f *firefox) shown(address string) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return
	}
	origin := u.Scheme + "://" + u.Host
	f.nav.mu.Lock()
	defer f.nav.mu.Unlock()
	if slices.Contains(f.origins, origin) {
		return
	}
	f.origins = append(f.origins, origin)
}
