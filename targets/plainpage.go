package targets

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// plainPage makes the tree that html.Parse makes, in a small part of the time, of
// a page that is written without any of the liberties that HTML grants: every
// element begun and ended in its place, attributes in double quotes, no character
// references. It returns nil for any other page.
func plainPage(body string) *html.Node {
	rest, ok := strings.CutPrefix(body, "<!doctype html>")
	if !ok || strings.ContainsAny(body, "&\r\x00") {
		return nil
	}
	p := &plainParser{rest: rest, attrs: make([]html.Attribute, 0, strings.Count(rest, `="`)+4)}
	p.doc = p.node(html.DocumentNode, "", 0)
	p.doc.AppendChild(p.node(html.DoctypeNode, "html", 0))
	if !p.page() {
		return nil
	}
	return p.doc
}

// plainParser reads a page; its methods return false where the page is not plain.
type plainParser struct {
	rest  string
	doc   *html.Node
	nodes []html.Node // still to be used: one allocation for many
	attrs []html.Attribute
}

// plainKind says where an element may stand and what it may hold.
type plainKind int

const (
	plainVoid    plainKind = 1 << iota // has no content and no end
	plainBlock                         // would end a paragraph
	plainOnce                          // not inside another one of its name
	plainHeading                       // not inside another heading
	plainText                          // holds text only
	plainInHead                        // may stand in the head
)

// plainElements are those whose rules are simple. Among the others are tables and
// select, which move about what they do not like.
var plainElements = map[string]plainKind{
	"meta": plainVoid | plainInHead, "link": plainVoid | plainInHead, "title": plainText | plainInHead,
	"script": plainText | plainInHead, "style": plainText | plainInHead,
	"div": plainBlock, "main": plainBlock, "nav": plainBlock, "section": plainBlock, "header": plainBlock, "footer": plainBlock,
	"article": plainBlock, "ul": plainBlock, "ol": plainBlock, "li": plainBlock, "p": plainBlock, "form": plainBlock | plainOnce,
	"h1": plainBlock | plainHeading, "h2": plainBlock | plainHeading, "h3": plainBlock | plainHeading,
	"a": plainOnce, "b": plainOnce, "i": plainOnce, "em": plainOnce, "strong": plainOnce, "code": plainOnce, "small": plainOnce,
	"button": plainOnce, "span": 0, "label": 0, "input": plainVoid, "img": plainVoid, "br": plainVoid,
}

const plainDepth = 64 // html.Parse gives up at 512

// page reads what follows the doctype.
func (p *plainParser) page() bool {
	root, head, body := p.node(html.ElementNode, "html", atom.Html), p.node(html.ElementNode, "head", atom.Head), p.node(html.ElementNode, "body", atom.Body)
	p.space()
	if !p.begin("html", root) {
		return false
	}
	p.doc.AppendChild(root)
	p.space()
	if !p.begin("head", head) {
		return false
	}
	root.AppendChild(head)
	if !p.content(head, plainInHead, 0) {
		return false
	}
	p.text(root, p.space())
	if !p.begin("body", body) {
		return false
	}
	root.AppendChild(body)
	if !p.content(body, 0, 0) {
		return false
	}
	p.text(body, p.space())
	var ok bool
	if p.rest, ok = strings.CutPrefix(p.rest, "</html>"); !ok {
		return false
	}
	p.text(body, p.space())
	return p.rest == ""
}

// begin reads the start of one of the three elements that every page has.
func (p *plainParser) begin(name string, n *html.Node) (ok bool) {
	if p.rest, ok = strings.CutPrefix(p.rest, "<"+name); !ok {
		return false
	}
	n.Attr, ok = p.attributes()
	return ok
}

// content reads what an element holds, and its end.
func (p *plainParser) content(n *html.Node, where plainKind, depth int) bool {
	for {
		i := strings.IndexByte(p.rest, '<')
		if i < 0 || i+1 == len(p.rest) || depth == plainDepth {
			return false
		}
		said := p.rest[:i]
		if where == plainInHead && strings.Trim(said, htmlSpace) != "" {
			return false
		}
		p.text(n, said)
		p.rest = p.rest[i+1:]
		if p.rest[0] == '/' {
			rest, ok := strings.CutPrefix(p.rest[1:], n.Data)
			if !ok || !strings.HasPrefix(rest, ">") {
				return false
			}
			p.rest = rest[1:]
			return true
		}
		if !p.element(n, where, depth) {
			return false
		}
	}
}

// element reads one element after its <.
func (p *plainParser) element(parent *html.Node, where plainKind, depth int) bool {
	end := 0
	for end < len(p.rest) && isPlain(p.rest[end]) {
		end++
	}
	kind, known := plainElements[p.rest[:end]]
	if !known || where&plainInHead != kind&plainInHead {
		return false
	}
	n := p.node(html.ElementNode, p.rest[:end], atom.Lookup([]byte(p.rest[:end])))
	p.rest = p.rest[end:]
	var ok bool
	if n.Attr, ok = p.attributes(); !ok || !fitsIn(n.Data, kind, parent) {
		return false
	}
	parent.AppendChild(n)
	switch {
	case kind&plainVoid != 0:
		return true
	case kind&plainText != 0:
		i := strings.IndexByte(p.rest, '<')
		if i < 0 {
			return false
		}
		p.text(n, p.rest[:i])
		p.rest, ok = strings.CutPrefix(p.rest[i:], "</"+n.Data+">")
		return ok
	}
	return p.content(n, where, depth+1)
}

// fitsIn tells whether an element stays where it is written, and ends no other.
func fitsIn(name string, kind plainKind, parent *html.Node) bool {
	if name == "li" && parent.Data != "ul" && parent.Data != "ol" {
		return false
	}
	for ; parent != nil; parent = parent.Parent {
		if kind&plainBlock != 0 && parent.Data == "p" || kind&plainOnce != 0 && parent.Data == name ||
			kind&plainHeading != 0 && plainElements[parent.Data]&plainHeading != 0 {
			return false
		}
	}
	return true
}

// attributes reads up to the > of a start.
func (p *plainParser) attributes() ([]html.Attribute, bool) {
	first := len(p.attrs)
	for {
		blank := p.space() != ""
		end := 0
		for end < len(p.rest) && isPlain(p.rest[end]) {
			end++
		}
		switch {
		case end == 0 && strings.HasPrefix(p.rest, ">"):
			p.rest = p.rest[1:]
			if len(p.attrs) == first {
				return nil, true
			}
			return p.attrs[first:len(p.attrs):len(p.attrs)], true
		case end == 0 || !blank:
			return nil, false
		}
		a := html.Attribute{Key: p.rest[:end]}
		p.rest = p.rest[end:]
		if rest, ok := strings.CutPrefix(p.rest, `="`); ok {
			i := strings.IndexByte(rest, '"')
			if i < 0 {
				return nil, false
			}
			a.Val, p.rest = rest[:i], rest[i+1:]
		}
		for _, other := range p.attrs[first:] {
			if other.Key == a.Key {
				return nil, false
			}
		}
		p.attrs = append(p.attrs, a)
	}
}

func isPlain(b byte) bool { return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '-' }

const htmlSpace = " \t\n\f"

// space takes white space.
func (p *plainParser) space() string {
	rest := strings.TrimLeft(p.rest, htmlSpace)
	taken := p.rest[:len(p.rest)-len(rest)]
	p.rest = rest
	return taken
}

func (p *plainParser) node(t html.NodeType, data string, a atom.Atom) *html.Node {
	if len(p.nodes) == 0 {
		p.nodes = make([]html.Node, 24)
	}
	n := &p.nodes[0]
	p.nodes = p.nodes[1:]
	n.Type, n.Data, n.DataAtom = t, data, a
	return n
}

// text appends a text to an element, and to the text that is there already.
func (p *plainParser) text(n *html.Node, said string) {
	switch last := n.LastChild; {
	case said == "":
	case last != nil && last.Type == html.TextNode:
		last.Data += said
	default:
		n.AppendChild(p.node(html.TextNode, said, 0))
	}
}
