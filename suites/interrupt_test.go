package suites

import (
	"context"
	"testing"

	"github.com/sessionspec/sessionspec/reports"
)

// TestWhatIsCutOffIsNoFailure breaks runs off while many stories are under way:
// none of them fails by answers that never came.
func TestWhatIsCutOffIsNoFailure(t *testing.T) {
	lib, ts := allAtApp(t)
	interrupted := 0
	for _, after := range []int{45, 55, 65} { // some forty have no story to play
		s, scs, err := open(Options{Library: lib, Targets: ts, Browser: "none", Workers: 16, Seed: int64(after)})
		if err != nil {
			t.Fatal(err)
		}
		defer s.stop()
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		if err := s.start(ctx, scs); err != nil {
			t.Fatal(err)
		}
		s.engine.progress = func(p reports.Progress, _ *job) {
			if p.Done >= after {
				cancel()
			}
		}
		s.engine.run(ctx)
		if err := s.conclude(ctx); err != nil {
			t.Fatal(err)
		}
		for _, sc := range s.run.Scenarios {
			switch {
			case sc.Verdict == reports.Error && sc.Reason == "interrupted":
				interrupted++
			case sc.Verdict.Bad():
				t.Errorf("%s: %s %s %+v", sc.ID, sc.Verdict, sc.Reason, sc.Findings)
			}
		}
	}
	if interrupted == 0 {
		t.Error("no story was under way")
	}
}
