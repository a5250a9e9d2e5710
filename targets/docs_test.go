package targets

import (
	"os"
	"reflect"
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
			if strings.HasPrefix(m[1], "users:") {
				m[1] = minimal + m[1]
			}
			if !strings.HasPrefix(m[1], "name:") {
				continue // a part of a file
			}
			seen++
			if _, err := Parse(doc, []byte(m[1])); err != nil {
				t.Errorf("%v", err)
			}
		}
	}
	if seen < 3 {
		t.Errorf("only %d examples were found", seen)
	}
}

// TestTheGuideExplainsEveryPromise: what a file may declare is in the guide.
func TestTheGuideExplainsEveryPromise(t *testing.T) {
	guide, err := os.ReadFile("../docs/targets.md")
	if err != nil {
		t.Fatal(err)
	}
	for f := range reflect.TypeFor[Declares]().Fields() {
		key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if !strings.Contains(string(guide), "\n  "+key+": ") {
			t.Errorf("docs/targets.md does not show declares: %s", key)
		}
	}
}
