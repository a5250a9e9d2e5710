package play

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/story"
)

func TestWhatNeedsAProcessOfItsOwn(t *testing.T) {
	s := story.Story{Clients: []story.Client{{Name: "laptop", In: "browser"}, {Name: "phone", In: "browser"}, {Name: "guest", In: "browser", Private: "phone"}, {Name: "desk", In: "browser"}},
		Steps: []story.Step{{Op: "sign_in", Client: "laptop"}, {Op: "restart_browser", Client: "laptop"}, {Op: "visit", Client: "desk"}}}
	for name, want := range map[string]bool{"laptop": true, "phone": true, "desk": false} {
		if got := ownProcess(s, name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if !(Plan{Story: s}).SharesProcess() {
		t.Error("desk shares")
	}
	s.Clients = s.Clients[:3]
	if (Plan{Story: s}).SharesProcess() {
		t.Error("nobody shares")
	}
}
