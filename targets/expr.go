package targets

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Expr is a condition on an answer, such as `status in [401, 410]`. Names:
// status, exit, stdout, body, header("X"), json("$.a"), cookie("c"),
// css("sel") (how many elements match), vars.NAME.
type Expr struct {
	Text string
	Pos  yamlx.Pos
	prog *vm.Program
}

type exprEnv struct {
	Status int                       `expr:"status"`
	Exit   int                       `expr:"exit"`
	Stdout string                    `expr:"stdout"`
	Body   string                    `expr:"body"`
	Header func(string) string       `expr:"header"`
	JSON   func(string) (any, error) `expr:"json"`
	Cookie func(string) string       `expr:"cookie"`
	CSS    func(string) (int, error) `expr:"css"`
	Vars   map[string]string         `expr:"vars"`
}

// MarshalText renders the condition as written.
func (e Expr) MarshalText() ([]byte, error) { return []byte(e.Text), nil }

// DecodeYAML compiles the condition, so that a misspelt name is found at load.
func (e *Expr) DecodeYAML(n *yamlx.Node) {
	if !n.IsScalar() {
		n.Errorf("expected a condition such as `status == 200`")
		return
	}
	e.Text, e.Pos = n.Text(), n.Pos()
	p, err := expr.Compile(e.Text, expr.Env(exprEnv{}), expr.AsBool())
	if err != nil {
		msg := err.Error()
		if fe, ok := err.(*file.Error); ok {
			msg = fmt.Sprintf("%s at column %d of %q", fe.Message, fe.Column+1, e.Text)
		}
		n.Errorf("condition: %s", strings.TrimSpace(msg))
		return
	}
	e.prog = p
}

// Holds evaluates the condition.
func (e *Expr) Holds(a *Answer, vars Vars) (bool, error) {
	env := exprEnv{
		Status: a.Status, Exit: a.Exit, Stdout: a.Stdout, Body: a.Body,
		Header: a.Header.Get, JSON: a.JSON, CSS: a.CSS,
		Cookie: func(string) string { return "" },
		Vars:   map[string]string{},
	}
	if a.Cookie != nil {
		env.Cookie = a.Cookie
	}
	for k, v := range vars {
		if s, ok := v.(string); ok {
			env.Vars[k] = s
		}
	}
	out, err := expr.Run(e.prog, env)
	if err != nil {
		return false, fmt.Errorf("%s: condition %q: %w", e.Pos, e.Text, err)
	}
	return out.(bool), nil
}
