package scenarios

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/internal/words"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

type member struct {
	story.Client
	key, value *yamlx.Node
}

type cast []member

// clientFile is the long form of a client.
type clientFile struct {
	// User is whom the client belongs to; without it nobody signs in by itself.
	User string `yaml:"user"`
	// In is the kind of client: wire, browser, one browser by its name (chrome, firefox, webkit), or a kind that the target file describes.
	In string `yaml:"in"`
	// Address is a source address of 127.0.0.0/8, or the client whose address this one shares.
	Address string `yaml:"address"`
	// World sets this client's user, and whom it creates, apart from the others: their names share no ending. For stories in which strangers disturb each other.
	World string `yaml:"world"`
	// Private is the client whose browser this one is a private window of.
	Private string `yaml:"private"`
	// ThirdParty is what a browser does with the cookies of frames.
	ThirdParty string `yaml:"third_party,oneof=allow|block"`
	// Connection is what the client sends as its connection id: missing, empty, null, or another client's.
	Connection connection `yaml:"connection"`
	// Strip names request headers that a proxy on the way removes.
	Strip []string `yaml:"strip"`
	// Headers are added on the way; ${client.address} and ${client.account} are filled in.
	Headers map[string]string `yaml:"headers"`
}

// DecodeYAML reads `name: user` or `name: {user: u, in: kind, ...}`.
func (c *cast) DecodeYAML(n *yamlx.Node) {
	if !n.IsMap() || len(n.Entries()) == 0 {
		n.Errorf("expected a mapping from client names to users, such as `laptop: alice`")
		return
	}
	for _, e := range n.Entries() {
		m := member{story.Client{Name: e.Key, In: "wire"}, e.KeyAt, e.Value}
		if !roleName.MatchString(e.Key) {
			e.KeyAt.Errorf("client name %q: small letters and digits only", e.Key)
		}
		user := e.Value
		if e.Value.IsScalar() {
			m.User = e.Value.Text()
		} else {
			var long clientFile
			e.Value.Decode(&long)
			user = e.Value.Find("user")
			m.User, m.Address, m.Connection, m.Strip, m.Headers, m.Private, m.World = long.User, long.Address, string(long.Connection), long.Strip, long.Headers, long.Private, long.World
			m.ThirdParty = long.ThirdParty
			if long.In != "" {
				m.In = long.In
			}
			if slices.Contains(story.Engines(), long.In) {
				m.In, m.Engine = "browser", long.In
			}
		}
		if m.World != "" && !roleName.MatchString(m.World) {
			e.Value.Find("world").Errorf("world %q: small letters and digits only", m.World)
		}
		if m.User != "" && !roleName.MatchString(m.User) {
			user.Errorf("user name %q: small letters and digits only", m.User)
		}
		*c = append(*c, m)
	}
}

// connection is a text in which YAML's null is a word like any other.
type connection string

// DecodeYAML reads missing, empty, null or a client's name.
func (c *connection) DecodeYAML(n *yamlx.Node) {
	switch {
	case n.IsNull():
		*c = "null" // however it is spelt
	case n.IsScalar():
		*c = connection(n.Text())
	default:
		n.Errorf("expected missing, empty, null or the name of a client")
	}
}

func (c cast) names() (out []string) {
	for _, m := range c {
		out = append(out, m.Name)
	}
	return out
}

// member finds a member by name.
func (c cast) member(name string) (member, bool) {
	i := slices.IndexFunc(c, func(m member) bool { return m.Name == name })
	if i < 0 {
		return member{}, false
	}
	return c[i], true
}

// known complains unless the name is a member of the cast.
func (c cast) known(at *yamlx.Node, name string) {
	if names := c.names(); name != "" && !slices.Contains(names, name) {
		at.Errorf("no client %q in this scenario%s; there are %s", name, words.DidYouMean(name, names), strings.Join(names, ", "))
	}
}

var headerRef = regexp.MustCompile(`\$\{([^}]*)\}`)

// check sees to it that what the members take from one another is there.
func (c cast) check() {
	names := c.names()
	var values []string
	for _, m := range c {
		values = append(values, m.Name+".address")
		if m.User != "" {
			values = append(values, m.Name+".account")
		}
	}
	for _, m := range c {
		if ip, err := netip.ParseAddr(m.Address); m.Address != "" && !slices.Contains(names, m.Address) && (err != nil || !ip.Is4() || !ip.IsLoopback()) {
			m.value.Find("address").Errorf("address %q is neither a loopback address (127.0.0.0/8) nor the name of a client%s", m.Address, words.DidYouMean(m.Address, names))
		}
		if o, ok := c.member(m.Private); m.Private != "" && (!ok || o.In != "browser" || o.Private != "" || m.In != "browser" || m.Engine != "" && m.Engine != o.Engine || slices.Index(names, o.Name) > slices.Index(names, m.Name)) {
			m.value.Find("private").Errorf("private: expected the name of a browser that stands above, for a client that is `in: browser` itself")
		}
		if m.ThirdParty != "" && (m.In != "browser" || m.Private != "") {
			m.value.Find("third_party").Errorf("third_party is for a client that is `in: browser` and no private window")
		}
		switch m.Connection {
		case "", "missing", "empty", "null":
		default:
			c.known(m.value.Find("connection"), m.Connection)
		}
		for _, h := range m.value.Find("headers").Entries() {
			for _, ref := range headerRef.FindAllStringSubmatch(m.Headers[h.Key], -1) {
				if !slices.Contains(values, ref[1]) {
					h.Value.Errorf("no value for %s%s; there are %s", ref[0], words.DidYouMean(ref[1], values), strings.Join(values, ", "))
				}
			}
		}
	}
}
