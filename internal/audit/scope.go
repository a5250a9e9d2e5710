package audit

import (
	"context"
	"strings"
)

const domainRule = "RFC 6265bis 5.7 step 10"

var scopeLines = []line{
	{Expect{ID: "domain-own", What: "Domain of the host itself", Want: []string{stored}, Source: domainRule}, "a=1; Domain=$host", "a=1"},
	{Expect{ID: "domain-dot", What: "Domain with a leading dot", Want: []string{stored}, Source: "RFC 6265bis 5.6.3"}, "b=1; Domain=.$host", "b=1"},
	{Expect{ID: "domain-case", What: "Domain in capitals", Want: []string{stored}, Source: "RFC 6265bis 5.6.3"}, "c=1; Domain=$HOST", "c=1"},
	{Expect{ID: "domain-below", What: "Domain of a host below", Want: []string{refused}, Source: domainRule}, "d=1; Domain=www.$host", "d=1"},
	{Expect{ID: "domain-other", What: "Domain of another site", Want: []string{refused}, Source: domainRule}, "e=1; Domain=elsewhere.test", "e=1"},
	{Expect{ID: "domain-suffix", What: "Domain that is a public suffix", Want: []string{refused}, Source: "RFC 6265bis 5.7 step 9"}, "f=1; Domain=test", "f=1"},
	{Expect{ID: "domain-port", What: "Domain with a port", Want: []string{refused}, Source: domainRule}, "g=1; Domain=$host:80", "g=1"},
	{Expect{ID: "domain-empty", What: "Domain without a value", Want: []string{stored}, Source: "RFC 6265bis 5.7 steps 7 and 10: host-only"}, "h=1; Domain=", "h=1"},
	{Expect{ID: "path-below", What: "Path of a page below, to the page above", Want: []string{refused}, Source: "RFC 6265bis 5.1.4"}, "i=1; Path=/page/below", "i=1"},
	{Expect{ID: "path-part", What: "Path=/pa, to /page", Want: []string{refused}, Source: "RFC 6265bis 5.1.4"}, "j=1; Path=/pa", "j=1"},
	{Expect{ID: "path-case", What: "Path=/PAGE, to /page", Want: []string{refused}, Source: "RFC 6265bis 5.1.4"}, "k=1; Path=/PAGE", "k=1"},
	{Expect{ID: "path-slash", What: "Path=/page/, to /page", Want: []string{refused}, Source: "RFC 6265bis 5.1.4"}, "l=1; Path=/page/", "l=1"},
	{Expect{ID: "path-relative", What: "Path=page (no slash)", Want: []string{stored}, Source: "RFC 6265bis 5.6.4: the default path"}, "m=1; Path=page", "m=1"},
	{Expect{ID: "path-encoded", What: "Path=/%70age, to /page", Want: []string{refused}, Source: "RFC 6265bis 5.1.4: compared as written"}, "n=1; Path=/%70age", "n=1"},
}

// scope is where a cookie goes.
var scope = Probe{
	ID: "scope", Title: "Domain and Path (refused: the next request goes without it)",
	Rows: append(rows(scopeLines),
		Expect{ID: "to-below", What: "host-only cookie, to a host below", Want: []string{notSent}, Source: "RFC 6265bis 5.8.3 step 3"},
		Expect{ID: "domain-to-below", What: "cookie with Domain, to a host below", Want: []string{sent}, Source: "RFC 6265bis 5.8.3 step 3"},
		Expect{ID: "port", What: "cookie to another port of the host", Want: []string{sent}, Source: "RFC 6265bis 8.5: cookies know no ports"}),
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		host := s.host("scope")
		at := s.Web.HTTP(host) + "/page"
		all := onHost(scopeLines, host)
		for i := range all {
			all[i].set = strings.ReplaceAll(all[i].set, "$HOST", strings.ToUpper(host))
		}
		if err := a.play(ctx, at, at, all, seen); err != nil {
			return err
		}
		header, err := a.cookies(ctx, s.Web.HTTP("www."+host)+"/page")
		if err != nil {
			return err
		}
		seen["to-below"] = either(has(header, "m=1"), sent, notSent)
		seen["domain-to-below"] = either(has(header, "a=1"), sent, notSent)
		if header, err = a.cookies(ctx, s.Web.HTTPS(host)+"/page"); err != nil {
			return err
		}
		seen["port"] = either(has(header, "a=1"), sent, notSent)
		return nil
	},
}

// order is how cookies stand in the Cookie field.
var order = Probe{
	ID: "order", Title: "Order in the Cookie field",
	Rows: []Expect{
		{ID: "age", What: "same path: a, b, c as they came", Want: []string{"a b c"}, Source: "RFC 6265bis 5.8.3 step 4"},
		{ID: "path", What: "then one with a longer path, d", Want: []string{"d a b c"}, Source: "RFC 6265bis 5.8.3 step 4"},
		{ID: "update", What: "then a new value for a", Want: []string{"d a b c"}, Source: "RFC 6265bis 5.7 step 23: it keeps its creation time"},
		{ID: "delete", What: "then a deleted and made again", Want: []string{"d b c a"}, Source: "RFC 6265bis 5.7 step 23"},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		at := s.Web.HTTP(s.host("order")) + "/deep/page"
		// One answer each: within one, browsers may give all the same age.
		for _, step := range []struct {
			id  string
			set []string
		}{
			{"", []string{"a=1; Path=/"}}, {"", []string{"b=1; Path=/"}}, {"age", []string{"c=1; Path=/"}},
			{"path", []string{"d=1; Path=/deep"}},
			{"update", []string{"a=2; Path=/"}},
			{"", []string{"a=; Path=/; Max-Age=0"}}, {"delete", []string{"a=3; Path=/"}},
		} {
			if err := a.set(ctx, at, step.set...); err != nil {
				return err
			}
			if step.id == "" {
				continue
			}
			header, err := a.cookies(ctx, at+"/read")
			if err != nil {
				return err
			}
			var got []string
			for pair := range strings.SplitSeq(header, "; ") {
				name, _, _ := strings.Cut(pair, "=")
				got = append(got, name)
			}
			seen[step.id] = strings.Join(got, " ")
		}
		return nil
	},
}

// overwrite is what makes two cookies one.
var overwrite = Probe{
	ID: "overwrite", Title: "What replaces a cookie of the same name",
	Rows: []Expect{
		{ID: "same", What: "same path and host", Want: []string{"the new one"}, Source: "RFC 6265bis 5.7 step 23"},
		{ID: "path", What: "another path", Want: []string{"both"}, Source: "RFC 6265bis 5.7 step 23"},
		{ID: "domain", What: "host-only first, then Domain of the very host", Want: []string{"both"}, Source: "RFC 6265bis 5.7 step 23: host-only counts"},
		{ID: "secure", What: "Secure first, then without, both by https", Want: []string{"the new one"}, Source: "RFC 6265bis 5.7 step 23"},
		{ID: "name-case", What: "name in the other case", Want: []string{"both"}, Source: "RFC 6265bis 5.7 step 23"},
		{ID: "delete-path", What: "deletion with another path", Want: []string{"the old one"}, Source: "RFC 6265bis 5.7 step 23"},
		{ID: "delete-domain", What: "deletion without the Domain it has", Want: []string{"the old one"}, Source: "RFC 6265bis 5.7 step 23"},
		{ID: "refused", What: "a refused line (SameSite=None without Secure) over a good one", Want: []string{"the old one"}, Source: "RFC 6265bis 5.7 step 19"},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		host := s.host("overwrite")
		at := s.Web.HTTPS(host) + "/page"
		if err := a.set(ctx, at, "a=old; Path=/", "b=old; Path=/", "c=old; Path=/", "d=old; Path=/; Secure", "e=old; Path=/",
			"f=old; Path=/", "g=old; Path=/; Domain="+host, "h=old; Path=/"); err != nil {
			return err
		}
		if err := a.set(ctx, at, "a=new; Path=/", "b=new; Path=/page", "c=new; Path=/; Domain="+host, "d=new; Path=/", "E=new; Path=/",
			"f=; Path=/page; Max-Age=0", "g=; Path=/; Max-Age=0", "h=new; Path=/; SameSite=None"); err != nil {
			return err
		}
		header, err := a.cookies(ctx, at)
		if err != nil {
			return err
		}
		for id, name := range map[string]string{"same": "a", "path": "b", "domain": "c", "secure": "d", "name-case": "e",
			"delete-path": "f", "delete-domain": "g", "refused": "h"} {
			old := has(header, name+"=old")
			fresh := has(header, name+"=new") || has(header, strings.ToUpper(name)+"=new")
			switch {
			case old && fresh:
				seen[id] = "both"
			case old:
				seen[id] = "the old one"
			default:
				seen[id] = either(fresh, "the new one", "neither")
			}
		}
		return nil
	},
}
