package browsers

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

// webkitCookie is a cookie as libsoup, the jar of WebKitGTK, has it.
type webkitCookie struct {
	Name     string `json:"name"`
	Value    string `json:"value"`
	Domain   string `json:"domain"` // with a leading dot for a domain cookie
	Path     string `json:"path"`
	Expires  *int64 `json:"expires"` // seconds since 1970
	HTTPOnly bool   `json:"http_only"`
	Secure   bool   `json:"secure"`
	SameSite string `json:"same_site"` // strict, lax, or none, also where nothing was said
}

func (w *webkit) jar(ctx context.Context) (out []Cookie, err error) {
	n, err := w.host.order(ctx, "jar", nil)
	for _, k := range n.Cookies {
		hostOnly := !strings.HasPrefix(k.Domain, ".")
		c := Cookie{Name: k.Name, Value: k.Value, Domain: strings.TrimPrefix(k.Domain, "."), HostOnly: &hostOnly, Path: k.Path,
			Session: k.Expires == nil, HTTPOnly: k.HTTPOnly, Secure: k.Secure,
			SameSite: map[string]string{"strict": "Strict", "lax": "Lax", "none": "None"}[k.SameSite]}
		if k.Expires != nil {
			c.Expires = time.Unix(*k.Expires, 0).UTC()
		}
		out = append(out, c)
	}
	return out, err
}

func (w *webkit) setCookie(ctx context.Context, k Cookie) error {
	if k.PartitionKey != nil {
		return Unable("WebKitGTK's jar (libsoup) knows no partitions")
	}
	c := &webkitCookie{Name: k.Name, Value: k.Value, Domain: k.Domain, Path: k.Path, HTTPOnly: k.HTTPOnly, Secure: k.Secure, SameSite: strings.ToLower(k.SameSite)}
	if k.HostOnly != nil && !*k.HostOnly {
		c.Domain = "." + k.Domain
	}
	if c.Path == "" {
		c.Path = "/"
	}
	if !k.Session && !k.Expires.IsZero() {
		at := k.Expires.Unix()
		c.Expires = &at
	}
	_, err := w.host.order(ctx, "set", c)
	return err
}

func (w *webkit) clearCookies(ctx context.Context) error {
	if _, err := w.host.order(ctx, "clear", nil); err != nil {
		return err
	}
	n, err := w.host.order(ctx, "jar", nil)
	if err == nil && len(n.Cookies) > 0 {
		err = fmt.Errorf("%d cookies are left", len(n.Cookies))
	}
	return err
}

func (w *webkit) fetched(context.Context, string, fetched) (history.Exchange, error) {
	return history.Exchange{}, Unable("by https WebKitGTK tells nobody the headers of a fetch")
}
