package cookie

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

func parse(line string) SetCookie {
	c, _ := Parse(line, now, time.Time{})
	return c
}

func TestParsePair(t *testing.T) {
	for _, c := range []struct {
		line, name, value string
		refused           Reason
	}{
		{"a=b", "a", "b", ""},
		{"a=b=c", "a", "b=c", ""},
		{" \ta\t= b c \t; Path=/", "a", "b c", ""},
		{`a="b"`, "a", `"b"`, ""}, // quotes belong to the value
		{"a=", "a", "", ""},
		{"abc", "", "abc", ""},
		{"=abc", "", "abc", ""},
		{"=a=b", "", "a=b", ""},
		{"a=%20é\xff", "a", "%20é\xff", ""}, // octets, never decoded
		{"a b=c,d", "a b", "c,d", ""},
		{"a=b\tc", "a", "b\tc", ""},
		{"", "", "", Empty},
		{"=", "", "", Empty},
		{" ; Path=/", "", "", Empty},
		{"a=b\x00c", "a", "b\x00c", ControlCharacter},
		{"a=b\r\nx: y", "a", "b\r\nx: y", ControlCharacter},
		{"a=b; Path=/\x7f", "a", "b", ControlCharacter},
		{"a=" + strings.Repeat("x", MaxPair-1), "a", strings.Repeat("x", MaxPair-1), ""},
		{"a=" + strings.Repeat("x", MaxPair), "a", strings.Repeat("x", MaxPair), TooLong},
	} {
		got := parse(c.line)
		if got.Name != c.name || got.Value != c.value || got.Refused != c.refused {
			t.Errorf("%.40q: got %.40q %.40q %q, want %.40q %.40q %q", c.line, got.Name, got.Value, got.Refused, c.name, c.value, c.refused)
		}
	}
}

func TestParseAttributes(t *testing.T) {
	long := strings.Repeat("x", MaxAttribute)
	date := time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		attributes string
		want       SetCookie
	}{
		{"", SetCookie{}},
		{"secure; HTTPONLY;Partitioned=x", SetCookie{Secure: true, HttpOnly: true, Partitioned: true}},
		{"Max-Age=60", SetCookie{HasMaxAge: true, MaxAge: 60}},
		{"Max-Age=007", SetCookie{HasMaxAge: true, MaxAge: 7}},
		{"Max-Age=-0", SetCookie{HasMaxAge: true}},
		{"Max-Age=-5", SetCookie{HasMaxAge: true, MaxAge: -5}},
		{"Max-Age=+5", SetCookie{}},
		{"Max-Age=-", SetCookie{}},
		{"Max-Age=--5", SetCookie{}},
		{"Max-Age=5s", SetCookie{}},
		{"Max-Age=5.0", SetCookie{}},
		{"Max-Age=", SetCookie{}},
		{"Max-Age", SetCookie{}},
		{`Max-Age="5"`, SetCookie{}},
		{"Max-Age=99999999999999999999", SetCookie{HasMaxAge: true, MaxAge: 1<<63 - 1}},
		{"Max-Age=-99999999999999999999", SetCookie{HasMaxAge: true, MaxAge: -1 << 63}},
		{"Max-Age=5; Max-Age=9", SetCookie{HasMaxAge: true, MaxAge: 9}},
		{"Max-Age=5; Max-Age=soon", SetCookie{HasMaxAge: true, MaxAge: 5}}, // unreadable: as if missing
		{"Expires=Tue, 01 Jul 2025 00:00:00 GMT", SetCookie{HasExpires: true, Expires: date}},
		{"Expires=Tue, 01-Jul-25 00:00:00 GMT; expires=never", SetCookie{HasExpires: true, Expires: date}},
		{"Domain=.Example.COM", SetCookie{HasDomain: true, Domain: "example.com"}},
		{"Domain=..example.com", SetCookie{HasDomain: true, Domain: ".example.com"}},
		{"Domain=a.com; Domain=", SetCookie{HasDomain: true}}, // an empty one counts
		{"Domain=a.com; Domain=" + long + "x", SetCookie{HasDomain: true, Domain: "a.com"}},
		{"Path=/a; path=/b", SetCookie{HasPath: true, Path: "/b"}},
		{"Path=/a; Path=b", SetCookie{HasPath: true}}, // so does a relative one
		{"Path=/" + long[1:], SetCookie{HasPath: true, Path: "/" + long[1:]}},
		{"Path=/" + long, SetCookie{}},
		{"SameSite=LAX", SetCookie{SameSite: SameSiteLax}},
		{"SameSite=Strict", SetCookie{SameSite: SameSiteStrict}},
		{"SameSite=None", SetCookie{SameSite: SameSiteNone}},
		{"SameSite=Strict; SameSite=Banana", SetCookie{}},
		{" Secure = ; HttpOnly\t=\t1", SetCookie{Secure: true, HttpOnly: true}},
		{"Secured; Http-Only; xMax-Age=5", SetCookie{}},
	} {
		got := parse("a=b;" + c.attributes)
		c.want.Raw, c.want.Name, c.want.Value, c.want.Attributes = got.Raw, "a", "b", got.Attributes
		if c.want.SameSite == "" {
			c.want.SameSite = SameSiteDefault
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%.50q:\n got %+v\nwant %+v", c.attributes, got, c.want)
		}
	}
}

func TestParseKeepsAttributesAsWritten(t *testing.T) {
	got := parse("a=b; pAtH=/x;; Foo = Bar=Baz ;path=/y; Max-Age=soon;").Attributes
	want := []Attribute{{"pAtH", "/x"}, {}, {"Foo", "Bar=Baz"}, {"path", "/y"}, {"Max-Age", "soon"}, {}}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParseCorrectsExpiresByDate(t *testing.T) {
	// The server's clock is a day ahead, its cookie lives for an hour.
	c, _ := Parse("a=b; Expires=Mon, 02 Jun 2025 13:00:00 GMT", now, now.AddDate(0, 0, 1))
	if want := now.Add(time.Hour); !c.Expires.Equal(want) {
		t.Errorf("got %v, want %v", c.Expires, want)
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct {
		line string
		want []Code
	}{
		{"a=b", nil},
		{`a="b"; Path=/; Domain=example.com; Secure; HttpOnly; SameSite=Lax; Max-Age=60; Expires=Tue, 01 Jul 2025 00:00:00 GMT; Priority=High`, nil},
		{"a=b;Path=/", nil},
		{"__Host-a=b; Secure; Path=/", nil},
		{"abc", []Code{ProblemNameless}},
		{"a b=c", []Code{ProblemName}},
		{"a[0]=c", []Code{ProblemName}},
		{"a=b c", []Code{ProblemValue}},
		{`a=b"`, []Code{ProblemValue}},
		{"a=é", []Code{ProblemValue}},
		{"a =b", []Code{ProblemSpace}},
		{"a=b ; Secure", []Code{ProblemSpace}},
		{"a=b; Path= /", []Code{ProblemSpace}},
		{"a=b; Path=/; path=/", []Code{ProblemDuplicate}},
		{"a=b;", []Code{ProblemEmpty}},
		{"a=b; Secure=true", []Code{ProblemFlag}},
		{"a=b; Expires=0", []Code{ProblemExpires}},
		{"a=b; Expires=Tue, 01-Jul-25 00:00:00 GMT", []Code{ProblemYear}},
		{"a=b; Expires=Tue, 01-Jul-2025 00:00:00 GMT", []Code{ProblemDateFormat}},
		{"a=b; Max-Age=soon", []Code{ProblemMaxAge}},
		{"a=b; Max-Age=-1", []Code{ProblemMaxAge}},
		{"a=b; Max-Age=0", nil},
		{"a=b; Domain=.example.com", []Code{ProblemDomain}},
		{"a=b; Domain=", []Code{ProblemDomain}},
		{"a=b; Path=x", []Code{ProblemPath}},
		{"a=b; SameSite=Banana", []Code{ProblemSameSite}},
		{"a=b; SameSite=None", []Code{ProblemInsecure}},
		{"a=b; Partitioned", []Code{ProblemInsecure}},
		{"a=b; Foo=" + strings.Repeat("x", MaxAttribute+1), []Code{ProblemLong}},
		{"a=b; Max-Age=34560001", []Code{ProblemLife}},
		{"a=b; Max-Age=34560000; Expires=Fri, 01 Jan 2100 00:00:00 GMT", nil}, // Max-Age wins
		{"a=b; Max-Age=99999999999999999999", []Code{ProblemLife}},
		{"a=b; Expires=Fri, 01 Jan 2100 00:00:00 GMT", []Code{ProblemLife}},
		{"__Host-a=b; Path=/", []Code{ProblemPrefix}},
		{"__Host-a=b; Secure; Path=/; Domain=example.com", []Code{ProblemPrefix}},
		{"a=b\x01", []Code{ProblemUnstoreable, ProblemValue}},
	} {
		_, problems := Parse(c.line, now, time.Time{})
		var got []Code
		for _, p := range problems {
			got = append(got, p.Code)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%.60q: got %v, want %v", c.line, problems, c.want)
		}
	}
}

func TestLifetime(t *testing.T) {
	limit := now.Add(MaxLife)
	for _, c := range []struct {
		attributes string
		persistent bool
		end        time.Time
		deletion   bool
	}{
		{"", false, time.Time{}, false},
		{"Max-Age=soon; Expires=whenever", false, time.Time{}, false},
		{"Max-Age=60", true, now.Add(time.Minute), false},
		{"Max-Age=0", true, time.Unix(0, 0), true},
		{"Max-Age=-9", true, time.Unix(0, 0), true},
		{"Expires=Sun, 01 Jun 2025 12:00:01 GMT", true, now.Add(time.Second), false},
		{"Expires=Sun, 01 Jun 2025 12:00:00 GMT", true, now, true},
		{"Expires=Thu, 01 Jan 1970 00:00:00 GMT", true, time.Unix(0, 0), true},
		{"Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", true, now.Add(time.Minute), false},
		{"Expires=Fri, 01 Jan 2027 00:00:00 GMT; Max-Age=0", true, time.Unix(0, 0), true},
		{"Max-Age=34559999", true, limit.Add(-time.Second), false},
		{"Max-Age=34560001", true, limit, false},
		{"Max-Age=99999999999999999999", true, limit, false},
		{"Expires=Fri, 01 Jan 2100 00:00:00 GMT", true, limit, false},
	} {
		persistent, end, deletion := Lifetime(parse("a=b; "+c.attributes), now)
		if persistent != c.persistent || !end.Equal(c.end) || deletion != c.deletion {
			t.Errorf("%s: got %v %v %v, want %v %v %v", c.attributes, persistent, end, deletion, c.persistent, c.end, c.deletion)
		}
	}
}

// On what both can read, net/http has to agree: a second voice by other authors.
func TestParseAgreesWithNetHTTP(t *testing.T) {
	sameSite := map[http.SameSite]SameSite{
		0: SameSiteDefault, http.SameSiteDefaultMode: SameSiteDefault, http.SameSiteLaxMode: SameSiteLax,
		http.SameSiteStrictMode: SameSiteStrict, http.SameSiteNoneMode: SameSiteNone,
	}
	for _, line := range []string{
		"sid=31d4d96e407aad42",
		"sid=31d4d96e407aad42; Path=/; Secure; HttpOnly",
		"lang=en-US; Path=/app; Domain=example.com",
		"sid=x; Expires=Wed, 09 Jun 2032 10:18:14 GMT; SameSite=Lax",
		"sid=x; Expires=Wed, 09-Jun-2032 10:18:14 GMT; SameSite=Strict",
		"sid=x; Max-Age=3600; SameSite=None; Secure; Partitioned",
		"sid=x; Max-Age=-1",
		"sid=; path=/; secure; httponly",
		"sid=x; Priority=High; Path=/a; Path=/b",
	} {
		theirs, err := http.ParseSetCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		ours := parse(line)
		// net/http has -1 for "0 or less" and 0 for "missing".
		age := int(ours.MaxAge)
		if ours.HasMaxAge && age <= 0 {
			age = -1
		}
		if ours.Name != theirs.Name || ours.Value != theirs.Value || ours.Domain != theirs.Domain || ours.Path != theirs.Path ||
			ours.Secure != theirs.Secure || ours.HttpOnly != theirs.HttpOnly || ours.Partitioned != theirs.Partitioned ||
			!ours.Expires.Equal(theirs.Expires) || age != theirs.MaxAge || ours.SameSite != sameSite[theirs.SameSite] {
			t.Errorf("%q:\nours   %+v\ntheirs %+v", line, ours, theirs)
		}
	}
}
