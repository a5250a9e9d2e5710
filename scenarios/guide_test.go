package scenarios

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/story"
)

// TestTheGuideIsTrue: its example loads, and its table has every operation.
func TestTheGuideIsTrue(t *testing.T) {
	b, err := os.ReadFile("../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)```yaml\n(title:.*?)```").FindSubmatch(b)
	if m == nil {
		t.Fatal("no example")
	}
	_, root, err := loadScenario("docs/scenarios.md", "guide/example", m[1])
	if err == nil {
		err = root.Err()
	}
	if err != nil {
		t.Error(err)
	}
	for _, op := range story.Ops() {
		if !strings.Contains(string(b), "| `"+op.Name+"` | "+op.Doc+" |") {
			t.Errorf("the guide lacks %s as the language has it", op.Name)
		}
	}
	field, _ := reflect.TypeFor[stepFile]().FieldByName("How")
	_, words, _ := strings.Cut(field.Tag.Get("yaml"), "oneof=")
	if words != strings.Join(howWords(), "|") {
		t.Errorf("files may say how: %s; the language has %v", words, howWords())
	}
	for _, h := range story.Hows() {
		if !strings.Contains(string(b), "| `"+h.Name+"` | "+h.Of+" | "+h.Doc+" |") {
			t.Errorf("the guide lacks how: %s as the language has it", h.Name)
		}
	}
}
