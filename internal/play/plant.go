package play

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/cookie"
	"github.com/sessionspec/sessionspec/internal/corpus"
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// plant gives a client a credential that no sign-in of its own has brought:
// what another client held last, or an invented one of the target's form.
func (p *player) plant(op *history.Op, c *client) {
	op.Outcome = history.OK
	carriers := invent(p.env.Cal.Sample)
	if op.Step.How == story.Malformed {
		carriers = p.broken()
	}
	if op.Step.Of != "" {
		for _, cr := range p.rec.Credentials {
			if cr.Client == op.Step.Of {
				carriers, op.Planted = cr.Carriers, cr.ID
			}
		}
		if op.Planted == "" {
			op.Outcome, op.Why = history.Failed, op.Step.Of+" has held no credential that could be planted"
			return
		}
	}
	if c.browser != nil || len(carriers) == 0 {
		op.Outcome, op.Why = history.Failed, "nothing can be planted in this client"
		return
	}
	for _, x := range carriers {
		if x.Kind == "cookie" {
			c.jar.Put(cookie.Cookie{Name: x.Name, Value: x.Value, Domain: x.Domain, Path: x.Path, HostOnly: x.HostOnly, Created: time.Now()})
		} else {
			c.kept[x.Name] = x.Value
		}
	}
	c.holds = fingerprint(c.carriers())
	if op.Planted != "" {
		return
	}
	c.creds++
	op.Captured = fmt.Sprintf("invented.%s#%d", c.spec.Name, c.creds)
	p.rec.Credentials = append(p.rec.Credentials, history.Credential{ID: op.Captured, Client: c.spec.Name, Op: op.Index, Carriers: carriers})
	if p.env.Learn != nil {
		for _, x := range carriers {
			p.env.Learn.Learn(tagOf(op.Captured, carriers, x), x.Value)
		}
	}
}

// broken are the session cookies with a malformed value: the first plant of a
// story takes the first of the values for it, and so on round. A header value
// is not planted: who sends one chooses to, and can leave it.
func (p *player) broken() (out []history.Carrier) {
	n := 0
	for _, op := range p.rec.Ops {
		if op.Step.Op == "plant" && op.Step.How == story.Malformed {
			n++
		}
	}
	entries := corpus.Planted()
	e := entries[n%len(entries)]
	for _, x := range p.env.Cal.Sample {
		if v, ok := e.Make(x.Value, ""); ok && x.Kind == "cookie" {
			x.Value = v
			out = append(out, x)
		}
	}
	return out
}

// classes of characters: an invented value keeps the class of each, so that it
// is refused for being unknown and not for its looks.
var classes = []string{"0123456789", "abcdef", "ABCDEF", "ghijklmnopqrstuvwxyz", "GHIJKLMNOPQRSTUVWXYZ"}

func invent(sample []history.Carrier) []history.Carrier {
	out := make([]history.Carrier, len(sample))
	for i, x := range sample {
		value, dice := []byte(x.Value), make([]byte, len(x.Value))
		rand.Read(dice)
		for j, ch := range value {
			for _, class := range classes {
				if strings.IndexByte(class, ch) >= 0 {
					value[j] = class[int(dice[j])%len(class)]
				}
			}
		}
		x.Value = string(value)
		out[i] = x
	}
	return out
}
