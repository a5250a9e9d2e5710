package targets

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"

	"github.com/sessionspec/sessionspec/internal/words"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Expr is a condition on an answer, such as `status in [401, 410]`. Names:
// status, exit, stdout, body, header("X"), json("$.a"), cookie("c"),
// css("sel") (how many elements match), vars.NAME.
type Expr struct {
	Text string
	Pos  yamlx.Pos
	prog *vm.Program
	uses []ref
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

// names are what a condition may use.
var exprNames = []string{"status", "exit", "stdout", "body", "header", "json", "cookie", "css", "vars"}

// DecodeYAML compiles the condition, so that a misspelt name, a broken JSONPath
// or selector is found at load.
func (e *Expr) DecodeYAML(n *yamlx.Node) {
	e.Pos = n.Pos()
	if !n.IsScalar() {
		n.Errorf("expected a condition such as `status == 200`")
		return
	}
	e.Text = n.Text()
	if i := strings.Index(e.Text, "${"); i >= 0 {
		n.ErrorInText(utf8.RuneCountInString(e.Text[:i]), "condition: variables are written vars.NAME here, not ${NAME}")
		return
	}
	p, err := expr.Compile(e.Text, expr.Env(exprEnv{}), expr.AsBool())
	var fe *file.Error
	if errors.As(err, &fe) && fe.Line == 1 {
		msg := strings.TrimSpace(fe.Message)
		if name, ok := strings.CutPrefix(msg, "unknown name "); ok {
			msg = fmt.Sprintf("unknown name %q%s; there are %s", name, words.DidYouMean(name, exprNames), strings.Join(exprNames, ", "))
		}
		n.ErrorInText(fe.Column, "condition: %s", msg)
		return
	}
	if err != nil {
		n.Errorf("condition: %s", strings.TrimSpace(err.Error()))
		return
	}
	e.prog = p
	node := p.Node()
	v := &exprVisitor{}
	ast.Walk(&node, v)
	for _, err := range v.errs {
		n.Errorf("condition: %v", err)
	}
	for _, name := range v.vars {
		e.uses = append(e.uses, ref{name, e.Pos})
	}
}

// exprVisitor compiles the paths and selectors written into a condition, and
// gathers the variables.
type exprVisitor struct {
	errs []error
	vars []string
}

// Visit looks at one node of a condition.
func (v *exprVisitor) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.CallNode:
		f, ok := n.Callee.(*ast.IdentifierNode)
		if !ok || len(n.Arguments) != 1 {
			return
		}
		arg, ok := n.Arguments[0].(*ast.StringNode)
		if !ok {
			return
		}
		var err error
		switch f.Value {
		case "json":
			_, err = parsePath(arg.Value)
		case "css":
			_, err = parseSelector(arg.Value)
		}
		if err != nil {
			v.errs = append(v.errs, err)
		}
	case *ast.MemberNode:
		if of, ok := n.Node.(*ast.IdentifierNode); ok && of.Value == "vars" {
			if name, ok := n.Property.(*ast.StringNode); ok {
				v.vars = append(v.vars, name.Value)
			}
		}
	}
}

func (e *Expr) refs() []ref {
	if e == nil {
		return nil
	}
	return e.uses
}

// Holds evaluates the condition.
func (e *Expr) Holds(a *Answer, vars Vars) (bool, error) {
	env := exprEnv{
		Status: a.Status, Exit: a.Exit, Stdout: a.Stdout, Body: a.Body,
		Header: a.Header.Get, JSON: a.JSON, CSS: a.CSS,
		Cookie: func(string) string { return "" },
	}
	if a.Cookie != nil {
		env.Cookie = a.Cookie
	}
	if strings.Contains(e.Text, "vars") {
		env.Vars = make(map[string]string, len(vars))
		for k, v := range vars {
			switch v := v.(type) {
			case string:
				env.Vars[k] = v
			case List:
				env.Vars[k] = strings.Join(v, ",")
			}
		}
	}
	out, err := expr.Run(e.prog, env)
	if err != nil {
		return false, fmt.Errorf("%s: condition %q: %w", e.Pos, e.Text, err)
	}
	return out.(bool), nil
}
