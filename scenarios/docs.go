package scenarios

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Standard is one document, or a part of one, with the requirements that cite
// its sections.
type Standard struct {
	Name string `json:"name"`
	// Short is the name for a line of text.
	Short    string    `json:"short"`
	Sections []Section `json:"sections"`
}

// Section is one numbered rule of a standard.
type Section struct {
	// Source is the section as requirements cite it: "ASVS 5.0 7.4.1".
	Source string `json:"source"`
	// About says in our words what the section is about.
	About string `json:"about"`
	// Judged and Planned are ids of the requirements that cite it, sorted.
	Judged  []string `json:"judged"`
	Planned []string `json:"planned"`
	// Via holds ids that show the section's effects without citing it; Note says
	// why a section has no requirement of its own.
	Via  []string `json:"via,omitempty"`
	Note string   `json:"note,omitempty"`
}

// Coverage says which requirements cite which sections of the standards that
// are about sessions: ASVS 5.0 V7 and V3.3, WSTG-SESS, NIST SP 800-63B-4
// section 5. Sections that nobody cites are listed as well.
func (l *Library) Coverage() []Standard {
	out := standards()
	for i := range out {
		for j := range out[i].Sections {
			s := &out[i].Sections[j]
			s.Judged, s.Planned = []string{}, []string{}
			for _, r := range l.Requirements {
				switch {
				case !slices.Contains(r.Sources, s.Source):
				case r.Planned:
					s.Planned = append(s.Planned, r.ID)
				default:
					s.Judged = append(s.Judged, r.ID)
				}
			}
		}
	}
	return out
}

func standards() []Standard {
	return []Standard{
		{"OWASP ASVS 5.0, V7 Session Management", "ASVS V7", []Section{
			{Source: "ASVS 5.0 7.1.1", About: "time limits are documented", Note: "a document, not behaviour: the target's declaration stands for it"},
			{Source: "ASVS 5.0 7.1.2", About: "parallel sessions, and what happens at their limit, are documented"},
			{Source: "ASVS 5.0 7.1.3", About: "single sign-on and what ends its sessions are documented"},
			{Source: "ASVS 5.0 7.2.1", About: "credentials are verified by the server", Note: "seen only through its effects",
				Via: []string{"robust/tampering-refused", "expiry/client-time-is-irrelevant"}},
			{Source: "ASVS 5.0 7.2.2", About: "credentials are made for the session, not fixed secrets", Note: "seen only through its effects",
				Via: []string{"establish/new-token-on-sign-in", "establish/entropy-floor"}},
			{Source: "ASVS 5.0 7.2.3", About: "credentials are unique and random, 128 bits"},
			{Source: "ASVS 5.0 7.2.4", About: "signing in makes a new credential and ends the old one"},
			{Source: "ASVS 5.0 7.3.1", About: "idle limit"},
			{Source: "ASVS 5.0 7.3.2", About: "absolute limit"},
			{Source: "ASVS 5.0 7.4.1", About: "sign-out and expiry end the session for good"},
			{Source: "ASVS 5.0 7.4.2", About: "a disabled or deleted account has no sessions"},
			{Source: "ASVS 5.0 7.4.3", About: "a changed factor can end the other sessions"},
			{Source: "ASVS 5.0 7.4.4", About: "sign-out is in sight on every page"},
			{Source: "ASVS 5.0 7.4.5", About: "administrators can end sessions"},
			{Source: "ASVS 5.0 7.5.1", About: "sensitive changes ask for authentication again"},
			{Source: "ASVS 5.0 7.5.2", About: "users see their sessions and can end them"},
			{Source: "ASVS 5.0 7.5.3", About: "highly sensitive acts ask for a further factor"},
			{Source: "ASVS 5.0 7.6.1", About: "sessions at provider and relying party live and end as documented"},
			{Source: "ASVS 5.0 7.6.2", About: "no session without consent or an explicit act"},
		}},
		{"OWASP ASVS 5.0, V3.3 Cookie Setup", "ASVS V3.3", []Section{
			{Source: "ASVS 5.0 3.3.1", About: "Secure, and a prefix"},
			{Source: "ASVS 5.0 3.3.2", About: "SameSite"},
			{Source: "ASVS 5.0 3.3.3", About: "the __Host- prefix"},
			{Source: "ASVS 5.0 3.3.4", About: "HttpOnly, and no other way to the client"},
			{Source: "ASVS 5.0 3.3.5", About: "at most 4096 bytes"},
		}},
		{"OWASP WSTG, Session Management Testing", "WSTG-SESS", []Section{
			{Source: "WSTG-SESS-01", About: "session management schema"},
			{Source: "WSTG-SESS-02", About: "cookie attributes"},
			{Source: "WSTG-SESS-03", About: "session fixation"},
			{Source: "WSTG-SESS-04", About: "exposed session variables"},
			{Source: "WSTG-SESS-05", About: "cross-site request forgery"},
			{Source: "WSTG-SESS-06", About: "sign-out"},
			{Source: "WSTG-SESS-07", About: "time-outs"},
			{Source: "WSTG-SESS-08", About: "session puzzling"},
			{Source: "WSTG-SESS-09", About: "session hijacking"},
			{Source: "WSTG-SESS-10", About: "JSON web tokens"},
			{Source: "WSTG-SESS-11", About: "concurrent sessions"},
		}},
		{"NIST SP 800-63B-4, section 5 Session Management", "NIST 800-63B-4 5", []Section{
			{Source: "NIST 800-63B-4 5.1", About: "session bindings"},
			{Source: "NIST 800-63B-4 5.1.1", About: "browser cookies"},
			{Source: "NIST 800-63B-4 5.1.2", About: "access tokens", Note: "what a relying party concludes from a token is not seen from outside"},
			{Source: "NIST 800-63B-4 5.2", About: "reauthentication and time limits"},
			{Source: "NIST 800-63B-4 5.3", About: "session monitoring", Note: "a MAY; that it never decides who somebody is, is seen through",
				Via: []string{"isolate/not-keyed-by-network"}},
		}},
	}
}

// groups in the order of the catalogue, from the heart of the matter outwards.
var groups = []struct{ name, title string }{
	{"frame", "an operation changes the sessions it names and nothing else"},
	{"isolate", "one credential, one identity, for the whole of its life"},
	{"establish", "how a session comes to be, and when it gets a new credential"},
	{"terminate", "signed out means dead everywhere, and signing out works from every state"},
	{"expiry", "sessions end when the target says they do, not earlier and not later"},
	{"cookie", "attributes and prefixes of exactly the cookies that carry the session"},
	{"cookieset", "several cookies, one session"},
	{"browser", "what only the life of a browser can show"},
	{"csrf", "what other sites can and cannot do with the visitor's session"},
	{"transport", "the ways by which a credential travels, and those by which it must not"},
	{"race", "two things at once"},
	{"multi", "several sessions of one person"},
	{"robust", "malformed, foreign and forged input changes nobody's session"},
	{"hygiene", "nothing is left behind, nothing is minted that nobody asked for"},
	{"store", "restarts, outages and several nodes"},
	{"client", "what is left in the client afterwards"},
	{"fed", "sessions that depend on an identity provider, or on which others depend"},
	{"stepup", "second factors, fresh factors and borrowed rights"},
}

// WriteDocs writes docs/REQUIREMENTS.md for lib, as Markdown. The only errors
// are those of w.
func WriteDocs(w io.Writer, lib *Library) error {
	var b bytes.Buffer
	p := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	byGroup, byLevel := map[string][]*Requirement{}, map[Level]int{}
	judged, derived := 0, 0
	for _, r := range lib.Requirements {
		byGroup[r.Group] = append(byGroup[r.Group], r)
		byLevel[r.Level]++
		if !r.Planned {
			judged++
		}
		if r.Derived {
			derived++
		}
	}
	p("# Requirements\n\n<!-- Generated from scenarios/*/requirements.yaml: go test ./scenarios -run TestDocs -update -->\n\n")
	p("%d requirements in %d groups: %d must, %d should, %d may. %d are judged today; %d are planned, which means\n",
		len(lib.Requirements), len(byGroup), byLevel[Must], byLevel[Should], byLevel[May], judged, len(lib.Requirements)-judged)
	p("listed and not judged yet. For %d the step from the sources to the statement is our own; they are marked \"derived\".\n\n", derived)
	p("`./run.sh explain ID` says more about each: why it matters, how it is tested, how targets usually get it wrong and how to\n")
	p("mend it. Ids never change their meaning. Where sources differ in level the stronger one for the whole statement counts.\n")

	names := slices.Sorted(maps.Keys(byGroup))
	slices.SortStableFunc(names, func(a, b string) int { return place(a) - place(b) })
	p("\n| group | what it is about | requirements | judged |\n|---|---|---|---|\n")
	for _, g := range names {
		n := 0
		for _, r := range byGroup[g] {
			if !r.Planned {
				n++
			}
		}
		p("| [%s](#%s) | %s | %d | %d |\n", g, g, escape(titleOf(g)), len(byGroup[g]), n)
	}
	for _, g := range names {
		p("\n## %s\n\n| id | duty | level | state | sources |\n|---|---|---|---|---|\n", g)
		for _, r := range byGroup[g] {
			p("| `%s` | %s | %s | %s | %s |\n", r.ID, escape(r.Statement), r.Level, state(r), escape(cited(r)))
		}
	}
	p("\n## Coverage\n\nWhich requirements cite which section. An id beside a section does not say that it is covered in full: most sections\n")
	p("ask for more than can be seen from outside.\n")
	for _, s := range lib.Coverage() {
		p("\n### %s\n\n| section | about | judged | planned |\n|---|---|---|---|\n", s.Name)
		for _, sec := range s.Sections {
			p("| %s | %s | %s | %s |\n", sec.Source, escape(about(sec)), ids(sec.Judged), ids(sec.Planned))
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// place is a group's place in the catalogue; groups of users come last.
func place(group string) int {
	for i, g := range groups {
		if g.name == group {
			return i
		}
	}
	return len(groups)
}

func titleOf(group string) string {
	if i := place(group); i < len(groups) {
		return groups[i].title
	}
	return ""
}

func state(r *Requirement) string {
	if !r.Planned {
		return "judged"
	}
	words := make([]string, len(r.Needs))
	for i, n := range r.Needs {
		words[i] = strings.ReplaceAll(string(n), "_", " ")
		if n == Declared {
			words[i] = "a declaration"
		}
	}
	if len(words) == 0 {
		return "planned"
	}
	return "planned; needs " + strings.Join(words, ", ")
}

func cited(r *Requirement) string {
	if r.Derived {
		return strings.Join(append([]string{"derived"}, r.Sources...), "; ")
	}
	return strings.Join(r.Sources, "; ")
}

func about(s Section) string {
	out := s.About
	if s.Note != "" {
		out += " (" + s.Note
		if len(s.Via) > 0 {
			out += ": " + strings.Join(s.Via, ", ")
		}
		out += ")"
	}
	return out
}

func ids(list []string) string {
	if len(list) == 0 {
		return "–"
	}
	return "`" + strings.Join(list, "`, `") + "`"
}

// escape keeps Markdown from reading names such as __Host- as emphasis.
func escape(s string) string {
	return strings.NewReplacer("|", `\|`, "_", `\_`, "*", `\*`, "<", "&lt;").Replace(s)
}
