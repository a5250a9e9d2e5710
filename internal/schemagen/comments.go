package schemagen

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// comments gathers the comments of types ("Type.") and of their fields
// ("Type.Field"), of unexported types too, from the Go files of the directories.
func comments(dirs []string) (map[string]string, error) {
	out := map[string]string{}
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			return nil, err
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			if err != nil {
				return nil, err
			}
			for _, d := range f.Decls {
				if g, ok := d.(*ast.GenDecl); ok {
					gather(out, g)
				}
			}
		}
	}
	return out, nil
}

func gather(out map[string]string, g *ast.GenDecl) {
	for _, spec := range g.Specs {
		t, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		text := t.Doc.Text()
		if text == "" {
			text = g.Doc.Text()
		}
		out[t.Name.Name+"."] = flow(text)
		st, ok := t.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, field := range st.Fields.List {
			for _, n := range field.Names {
				out[t.Name.Name+"."+n.Name] = flow(field.Doc.Text())
			}
		}
	}
}

// flow makes one line of a comment.
func flow(text string) string { return strings.Join(strings.Fields(text), " ") }
