package targets

import (
	"slices"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/words"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Steps are performed in order until one is not ok.
type Steps []Step

// Exec tells whether any step runs a command.
func (s Steps) Exec() bool {
	for _, x := range s {
		if x.Exec != nil {
			return true
		}
	}
	return false
}

// Step is one request, command, websocket conversation, use of an open channel,
// call of the driver or browser action.
type Step struct {
	Method    string               `json:"method,omitempty"`
	Path      Template             `json:"path,omitempty"`
	Headers   Fields               `json:"headers,omitempty"`
	Query     Fields               `json:"query,omitempty"`
	JSON      *Data                `json:"json,omitempty"`
	Form      Fields               `json:"form,omitempty"`
	Multipart Fields               `json:"multipart,omitempty"`
	Body      *Template            `json:"body,omitempty"`
	Frame     *Frame               `json:"frame,omitempty"`
	Exec      []Template           `json:"exec,omitempty"`
	Env       Fields               `json:"env,omitempty"`
	Stdin     *Template            `json:"stdin,omitempty"`
	Websocket *Template            `json:"websocket,omitempty"`
	Send      []Data               `json:"send,omitempty"`
	Frames    []Frame              `json:"frames,omitempty"`
	Until     *Expr                `json:"until,omitempty"`
	Within    time.Duration        `json:"within,omitempty"`
	Stream    *Template            `json:"stream,omitempty"`
	Channel   []Data               `json:"channel,omitempty"` // messages for the channel that is open; may be none
	Drive     string               `json:"drive,omitempty"`   // what the driver is asked: an operation, or operation/route
	Open      *Template            `json:"open,omitempty"`
	Fill      Fields               `json:"fill,omitempty"`
	Click     *Template            `json:"click,omitempty"`
	Wait      *Template            `json:"wait,omitempty"`
	Refused   string               `json:"refused,omitempty"` // what a page shows in place of what is filled, clicked or waited for
	Keep      map[string]Extractor `json:"keep,omitempty"`
	OK        *Expr                `json:"ok,omitempty"`
	If        *Expr                `json:"if,omitempty"`
	Pos       yamlx.Pos            `json:"-"`
}

// Field is one name with its value, in file order.
type Field struct {
	Name  string   `json:"name"`
	Value Template `json:"value"`
}

// Fields keep the order in which they are written: header order is evidence.
type Fields []Field

// DecodeYAML reads a mapping of texts.
func (f *Fields) DecodeYAML(n *yamlx.Node) {
	if !n.IsMap() {
		n.Errorf("expected a mapping from names to texts")
		return
	}
	*f = Fields{} // an empty form is a form
	for _, e := range n.Entries() {
		var t Template
		e.Value.Decode(&t)
		*f = append(*f, Field{e.Key, t})
	}
}

var (
	methods  = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
	stepKeys = append([]string{"headers", "query", "json", "form", "multipart", "body", "frame", "exec", "env", "stdin",
		"websocket", "send", "frames", "until", "within", "stream", "channel", "drive", "open", "fill", "click", "wait", "refused", "keep", "ok", "if"}, methods...)
)

// DecodeYAML reads one step.
func (s *Step) DecodeYAML(n *yamlx.Node) {
	if !n.IsMap() {
		n.Errorf("expected a step such as `GET: /path`, `exec: [...]`, `drive: sign_in`, `open: /page`")
		return
	}
	s.decode(n, n.Entries(), nil)
}

// decode reads the entries of a step; also names keys that stand beside them.
func (s *Step) decode(n *yamlx.Node, entries []yamlx.Entry, also []string) {
	s.Pos = n.Pos()
	actions, misspelt := 0, false
	for _, e := range entries {
		v := e.Value
		switch e.Key {
		case "headers":
			v.Decode(&s.Headers)
		case "query":
			v.Decode(&s.Query)
		case "json":
			v.Decode(&s.JSON)
		case "form":
			v.Decode(&s.Form)
		case "multipart":
			v.Decode(&s.Multipart)
		case "body":
			v.Decode(&s.Body)
		case "frame":
			v.Decode(&s.Frame)
		case "exec":
			actions++
			v.Decode(&s.Exec)
			if v.IsList() && len(s.Exec) == 0 {
				v.Errorf("exec needs at least one word")
			}
		case "env":
			v.Decode(&s.Env)
		case "stdin":
			v.Decode(&s.Stdin)
		case "websocket":
			actions++
			v.Decode(&s.Websocket)
			checkPath(v, *s.Websocket)
		case "send":
			v.Decode(&s.Send)
		case "frames":
			v.Decode(&s.Frames)
		case "until":
			v.Decode(&s.Until)
		case "within":
			v.Decode(&s.Within)
		case "stream":
			actions++
			v.Decode(&s.Stream)
			checkPath(v, *s.Stream)
		case "channel":
			actions++
			s.Channel = []Data{}
			v.Decode(&s.Channel)
		case "drive":
			actions++
			v.Decode(&s.Drive)
			s.checkDrive(v)
		case "open":
			actions++
			v.Decode(&s.Open)
			checkPath(v, *s.Open)
		case "fill":
			actions++
			v.Decode(&s.Fill)
			if v.IsMap() && len(s.Fill) == 0 {
				v.Errorf("nothing to fill in")
			}
		case "click":
			actions++
			v.Decode(&s.Click)
		case "wait":
			actions++
			v.Decode(&s.Wait)
		case "refused":
			v.Decode(&s.Refused)
		case "keep":
			v.Decode(&s.Keep)
		case "ok":
			v.Decode(&s.OK)
		case "if":
			v.Decode(&s.If)
		default:
			if !slices.Contains(methods, e.Key) {
				near := words.DidYouMean(e.Key, slices.Concat(stepKeys, also))
				if slices.Contains(methods, strings.ToUpper(e.Key)) {
					near = words.DidYouMean(strings.ToUpper(e.Key), methods)
				}
				e.KeyAt.Errorf("unknown key %q%s; a step takes %s", e.Key, near, strings.Join(slices.Concat(also, stepKeys), ", "))
				misspelt = true
				continue
			}
			actions++
			s.Method = e.Key
			v.Decode(&s.Path)
			checkPath(v, s.Path)
		}
	}
	if actions > 1 || actions == 0 && !misspelt {
		n.Errorf("a step does exactly one thing (a request, exec, websocket, stream, channel, drive, open, fill, click or wait); this one does %d", actions)
	}
	if actions == 1 {
		s.fits(entries)
	}
}

// fits complains about keys that the step's action has no use for.
func (s *Step) fits(entries []yamlx.Entry) {
	body := ""
	for _, e := range entries {
		switch e.Key {
		case "json", "form", "multipart", "body", "frame":
			if body != "" {
				e.KeyAt.Errorf("%s beside %s: a request has one body", e.Key, body)
			}
			body = e.Key
			fallthrough
		case "query":
			if s.Method == "" {
				e.KeyAt.Errorf("%s goes with a request", e.Key)
			}
		case "headers":
			if s.Method == "" && s.Websocket == nil && s.Stream == nil {
				e.KeyAt.Errorf("headers go with a request, a websocket or a stream")
			}
		case "env", "stdin":
			if s.Exec == nil {
				e.KeyAt.Errorf("%s goes with exec", e.Key)
			}
		case "send", "frames":
			if s.Websocket == nil {
				e.KeyAt.Errorf("%s goes with websocket", e.Key)
			}
			if s.Send != nil && s.Frames != nil {
				e.KeyAt.Errorf("send beside frames: a conversation is of JSON values or of frames")
			}
		case "refused":
			if s.Fill == nil && s.Click == nil && s.Wait == nil {
				e.KeyAt.Errorf("refused goes with fill, click or wait")
			}
		case "within":
			if s.Websocket == nil && s.Method == "" {
				e.KeyAt.Errorf("within goes with a request or a websocket")
			}
		case "keep", "ok":
			if s.Drive != "" {
				e.KeyAt.Errorf("%s goes with an answer; what a driver does it says and keeps itself", e.Key)
			}
		case "until":
			if s.Websocket == nil && s.Stream == nil && s.Channel == nil && s.Method != "GET" {
				e.KeyAt.Errorf("until goes with websocket, stream, channel or GET")
			}
		}
	}
}

// Browser tells whether the step needs a browser.
func (s Step) Browser() bool {
	return s.Open != nil || s.Fill != nil || s.Click != nil || s.Wait != nil
}

// kind names the step for routes without a name of their own.
func (s Step) kind() string {
	switch {
	case s.Method != "":
		return strings.ToLower(s.Method)
	case s.Exec != nil:
		return "exec"
	case s.Websocket != nil:
		return "websocket"
	case s.Stream != nil:
		return "stream"
	case s.Drive != "":
		if _, route := s.driven(); route != "" {
			return route
		}
		return "driver"
	}
	return "page"
}
