package scenarios

import (
	"os"
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
}
