package audit

import "context"

const (
	prefixRule = "RFC 6265bis 5.7 steps 20 and 21"
	httpRule   = "layered-cookies draft 4.1.3.3 and 4.1.3.4"
)

var prefixLines = []line{
	{Expect{ID: "host", What: "__Host- with Secure and Path=/", Want: []string{stored}, Source: prefixRule}, "__Host-a=1; Secure; Path=/", "__Host-a=1"},
	{Expect{ID: "host-insecure", What: "__Host- without Secure", Want: []string{refused}, Source: prefixRule}, "__Host-b=1; Path=/", "__Host-b=1"},
	{Expect{ID: "host-path", What: "__Host- with Path=/page", Want: []string{refused}, Source: prefixRule}, "__Host-c=1; Secure; Path=/page", "__Host-c=1"},
	{Expect{ID: "host-no-path", What: "__Host- without Path", Want: []string{refused}, Source: prefixRule}, "__Host-d=1; Secure", "__Host-d=1"},
	{Expect{ID: "host-domain", What: "__Host- with Domain", Want: []string{refused}, Source: prefixRule}, "__Host-e=1; Secure; Path=/; Domain=$host", "__Host-e=1"},
	{Expect{ID: "secure", What: "__Secure- with Secure", Want: []string{stored}, Source: prefixRule}, "__Secure-a=1; Secure; Path=/", "__Secure-a=1"},
	{Expect{ID: "secure-insecure", What: "__Secure- without Secure", Want: []string{refused}, Source: prefixRule}, "__Secure-b=1; Path=/", "__Secure-b=1"},
	{Expect{ID: "host-case", What: "__hOST- without Secure", Want: []string{refused}, Source: "RFC 6265bis 5.4"}, "__hOST-f=1; Path=/", "__hOST-f=1"},
	{Expect{ID: "secure-case", What: "__SECURE- without Secure", Want: []string{refused}, Source: "RFC 6265bis 5.4"}, "__SECURE-c=1; Path=/", "__SECURE-c=1"},
	{Expect{ID: "blank-before", What: "a blank and __Host-, without Secure", Want: []string{refused}, Source: "RFC 6265bis 5.6 step 4"}, " __Host-g=1; Path=/", "__Host-g=1"},
	{Expect{ID: "tab-after", What: "__Host- name and a tab, without Secure", Want: []string{refused}, Source: "RFC 6265bis 5.6 step 4"}, "__Host-h\t=1; Path=/", "__Host-h=1"},
	{Expect{ID: "nameless", What: "no name and the value __Host-…=1", Want: []string{refused}, Source: "RFC 6265bis 5.7 step 22"}, "=__Host-i=1; Secure; Path=/", "__Host-i=1"},
	{Expect{ID: "wide-blank", What: "a no-break space octet (A0) and __Host-, without Secure", Want: []string{stored}, Source: "RFC 6265bis 5.6: another name; a server that trims it is deceived"},
		"\xa0__Host-j=1; Path=/", "\xa0__Host-j=1"},
	{Expect{ID: "http", What: "__Http- with Secure and HttpOnly", Want: []string{stored}, Source: httpRule}, "__Http-a=1; Secure; HttpOnly; Path=/", "__Http-a=1"},
	{Expect{ID: "http-script", What: "__Http- without HttpOnly", Want: []string{refused}, Source: httpRule}, "__Http-b=1; Secure; Path=/", "__Http-b=1"},
	{Expect{ID: "host-http-script", What: "__Host-Http- without HttpOnly", Want: []string{refused}, Source: httpRule}, "__Host-Http-c=1; Secure; Path=/", "__Host-Http-c=1"},
}

// prefixes is what a name may promise.
var prefixes = Probe{
	ID: "prefix", Title: "Name prefixes, by https",
	Rows: append(rows(prefixLines), Expect{ID: "script", What: "__Host- without Secure, by document.cookie", Want: []string{refused}, Source: prefixRule}),
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		host := s.host("prefix")
		at := s.Web.HTTPS(host) + "/page"
		if err := a.play(ctx, at, at, onHost(prefixLines, host), seen); err != nil {
			return err
		}
		if err := a.Eval(ctx, `document.cookie = "__Host-script=1; path=/"`, nil); err != nil {
			return err
		}
		header, err := a.cookies(ctx, at)
		seen["script"] = fate(header, "__Host-script=1")
		return err
	},
}
