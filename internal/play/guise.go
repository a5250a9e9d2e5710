package play

import (
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

// guise is what a client's requests show in place of what it holds.
type guise struct {
	// cookies are the Cookie lines, in order.
	cookies []string
	// headers, query and form come on top of what the target file says; a form
	// takes the place of the body.
	headers     []pair
	query, form []pair
	// path is put behind the path of the address.
	path string
	// post sends the form with POST instead of the step's own method.
	post bool
	// raw sends octets that no header line may hold.
	raw bool
}

// dress changes a request, all but its header lines, and returns its content type.
func (g *guise) dress(req *history.Request, contentType string) string {
	address, query, has := strings.Cut(req.URL, "?")
	if len(g.query) > 0 {
		extra := encode(g.query)
		if has && query != "" {
			extra = query + "&" + extra
		}
		query, has = extra, true
	}
	req.URL = address + g.path
	if has {
		req.URL += "?" + query
	}
	req.Raw = g.raw
	if len(g.form) == 0 {
		return contentType
	}
	req.Body = encode(g.form)
	if g.post {
		req.Method = "POST"
	}
	return "application/x-www-form-urlencoded"
}

// twin is a clean client in a guise. kept is the value that it presents where
// the target file's templates say, "" for none.
func (s *showing) twin(g guise, kept string) *client {
	t := s.c.twin(nil)
	t.shows = &g
	if kept != "" {
		t.kept["credential"] = kept
	}
	s.p.extra = append(s.p.extra, t)
	return t
}

// show asks whoami in a guise and books the answer with what was shown.
func (s *showing) show(g guise, kept string, sh history.Shown) history.Answer {
	sh.Answer = s.twin(g, kept).whoami(s.ctx, s.p.role)
	s.op.Shown = append(s.op.Shown, sh)
	return sh.Answer
}

// carried are the values that present the client's session.
func (s *showing) carried() (out []history.Carrier) {
	for _, x := range s.c.carriers() {
		if x.Kind == "cookie" || s.p.env.Cal.Value {
			out = append(out, x)
		}
	}
	return out
}

// rest is what of the credential has to be shown beside x: all the others, or
// nothing where they are enough without it and would hide what x does.
func (s *showing) rest(x history.Carrier) []history.Carrier {
	var others []history.Carrier
	for _, y := range s.carried() {
		if y.Kind != x.Kind || y.Name != x.Name {
			others = append(others, y)
		}
	}
	if len(others) == 0 {
		return nil
	}
	g, kept := worn(others)
	if s.twin(g, kept).whoami(s.ctx, s.p.role).State == history.Live {
		return nil
	}
	return others
}

// worn is a guise of just these values.
func worn(values []history.Carrier) (g guise, kept string) {
	var pairs []string
	for _, x := range values {
		if x.Kind == "cookie" {
			pairs = append(pairs, x.Name+"="+x.Value)
		} else {
			kept = x.Value
		}
	}
	return guise{cookies: []string{strings.Join(pairs, "; ")}}, kept
}

// theirs is the value that the client in `of` has where x is, "" for none.
func (s *showing) theirs(x history.Carrier) string {
	for _, y := range s.p.last(s.op.Step.Of) {
		if s.op.Step.Of != "" && y.Kind == x.Kind && y.Name == x.Name {
			return y.Value
		}
	}
	return ""
}

// learn keeps a value that was made of a credential out of every report.
func (s *showing) learn(entry, value string) {
	if s.p.env.Learn != nil && len(value) >= 8 {
		s.p.env.Learn.Learn(s.c.spec.Name+"."+entry, value)
	}
}
