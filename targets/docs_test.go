package targets

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestExamplesInTheDocumentationLoad: what the documentation shows as a
// complete target file is one.
func TestExamplesInTheDocumentationLoad(t *testing.T) {
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```")
	seen := 0
	for _, doc := range []string{"../README.md", "../docs/targets.md"} {
		b, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range blocks.FindAllStringSubmatch(string(b), -1) {
			if !strings.HasPrefix(m[1], "name:") {
				continue // a part of a file
			}
			seen++
			if _, err := Parse(doc, []byte(m[1])); err != nil {
				t.Errorf("%v", err)
			}
		}
	}
	if seen < 2 {
		t.Errorf("only %d examples were found", seen)
	}
}
