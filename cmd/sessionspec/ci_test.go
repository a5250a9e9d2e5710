package main

import (
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v4"
)

// TestPipelinesOfTheDocumentation: what docs/ci.md shows of CI systems is YAML, asks
// the action for inputs that it has, and has command lines that sessionspec takes.
func TestPipelinesOfTheDocumentation(t *testing.T) {
	text, err := os.ReadFile("../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Inputs, Outputs map[string]any
	}
	file, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(file, &action); err != nil {
		t.Fatal(err)
	}
	used := 0
	for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		var pipeline map[string]any
		if err := yaml.Unmarshal([]byte(block[1]), &pipeline); err != nil {
			t.Errorf("%v\n%s", err, block[1])
		}
		for _, step := range stepsOf(pipeline) {
			if uses, _ := step["uses"].(string); !strings.HasPrefix(uses, "sessionspec/sessionspec@") {
				continue
			}
			used++
			with, _ := step["with"].(map[string]any)
			for k := range with {
				if action.Inputs[k] == nil {
					t.Errorf("the action has no input %q", k)
				}
			}
			if with["target"] == nil {
				t.Error("the action needs a target")
			}
		}
		for _, m := range regexp.MustCompile(`steps\.sessionspec\.outputs\.(\w+)`).FindAllStringSubmatch(block[1], -1) {
			if action.Outputs[m[1]] == nil {
				t.Errorf("the action has no output %q", m[1])
			}
		}
	}
	lines := regexp.MustCompile(`run\.sh ((?:run|report|merge) [^'"\n>]*)`).FindAllStringSubmatch(consoleBlock.ReplaceAllString(string(text), ""), -1)
	for _, m := range lines {
		var c cli
		parser, err := kong.New(&c, kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) {}))
		if err != nil {
			t.Fatal(err)
		}
		command, _, _ := strings.Cut(m[1], "   #")
		if _, err := parser.Parse(strings.Fields(command)); err != nil {
			t.Errorf("%s: %v", m[1], err)
		}
	}
	if used < 2 || len(lines) < 6 {
		t.Errorf("only %d uses of the action and %d command lines", used, len(lines))
	}
}

// stepsOf finds the steps of all jobs.
func stepsOf(v any) (out []map[string]any) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if list, ok := x.([]any); ok && k == "steps" {
				for _, s := range list {
					if step, ok := s.(map[string]any); ok {
						out = append(out, step)
					}
				}
				continue
			}
			out = append(out, stepsOf(x)...)
		}
	case []any:
		for _, x := range v {
			out = append(out, stepsOf(x)...)
		}
	}
	return out
}
