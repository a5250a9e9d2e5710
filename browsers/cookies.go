package browsers

import (
	"context"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

func (c *chrome) Jar(ctx context.Context) (cookies []Cookie, err error) {
	err = c.step(ctx, "read cookies", func(s *step) error {
		// Storage.getCookies on the browser, not Network.getAllCookies on the
		// tab: it works whatever the tab shows.
		r, err := chromedp.CallBrowser(s.ctx, storage.GetCookies, storage.GetCookiesParams{BrowserContextID: c.window})
		for _, k := range r.Cookies {
			cookies = append(cookies, fromChrome(k))
		}
		return err
	})
	return cookies, err
}

func fromChrome(k *network.Cookie) Cookie {
	// Chrome writes a domain cookie with a leading dot.
	hostOnly := !strings.HasPrefix(k.Domain, ".")
	size := int(k.Size)
	out := Cookie{
		Name: k.Name, Value: k.Value, Domain: strings.TrimPrefix(k.Domain, "."), HostOnly: &hostOnly, Path: k.Path,
		Session: k.Session, HTTPOnly: k.HTTPOnly, Secure: k.Secure, SameSite: string(k.SameSite), Size: &size,
	}
	if !k.Session {
		out.Expires = time.UnixMicro(int64(k.Expires * 1e6)).UTC()
	}
	if k.PartitionKey != nil {
		out.PartitionKey = &k.PartitionKey.TopLevelSite
	}
	return out
}

func (c *chrome) SetCookies(ctx context.Context, cookies ...Cookie) error {
	return c.step(ctx, "set cookies", func(s *step) error {
		var params []*network.CookieParam
		for _, k := range cookies {
			params = append(params, toChrome(k))
		}
		_, err := chromedp.CallBrowser(s.ctx, storage.SetCookies, storage.SetCookiesParams{Cookies: params, BrowserContextID: c.window})
		return err
	})
}

func toChrome(k Cookie) *network.CookieParam {
	out := &network.CookieParam{
		Name: k.Name, Value: k.Value, Path: k.Path, Secure: k.Secure, HTTPOnly: k.HTTPOnly, SameSite: network.CookieSameSite(k.SameSite),
	}
	if out.Path == "" {
		out.Path = "/"
	}
	if k.HostOnly != nil && !*k.HostOnly {
		out.Domain = "." + k.Domain
	} else {
		// Only an address without a domain makes a host-only cookie.
		scheme := "http"
		if k.Secure {
			scheme = "https"
		}
		out.URL = scheme + "://" + k.Domain + out.Path
	}
	if !k.Session && !k.Expires.IsZero() {
		out.Expires = cdp.TimeSinceEpoch(float64(k.Expires.UnixMicro()) / 1e6)
	}
	if k.PartitionKey != nil {
		out.PartitionKey = &network.CookiePartitionKey{TopLevelSite: *k.PartitionKey}
	}
	return out
}

func (c *chrome) ClearCookies(ctx context.Context) error {
	return c.step(ctx, "clear cookies", func(s *step) error {
		_, err := chromedp.CallBrowser(s.ctx, storage.ClearCookies, storage.ClearCookiesParams{BrowserContextID: c.window})
		return err
	})
}
