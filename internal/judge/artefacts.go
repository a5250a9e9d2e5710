package judge

import (
	"github.com/sessionspec/sessionspec/internal/history"
)

// artefacts: what a sign-in handed out beside the credential signs nobody in
// once its session has been ended. An artefact that was refused counts where
// one of its kind was seen to be good for something. before is the client's
// state in the model.
func (b *bench) artefacts(op *history.Op, before string) {
	if b.revives == nil {
		b.revives = map[string]bool{}
	}
	duty, because := b.world.Outlived(op.Step.Client)
	for i, s := range op.Shown {
		switch live := s.Answer.State == history.Live; {
		case live && before == "live":
			b.revives[s.Case] = true
		case duty == "" || b.found(duty) || s.Answer.State == history.NoVerdict:
		case live:
			b.find(Finding{Requirement: duty, Op: op.Index, Probe: -1, Shown: i + 1, Rank: 1,
				Want: s.What + " opens nothing: " + because, Got: gotText(s.Answer),
				Try: "note with each session what was handed out for it, and end all of it in one place"})
		case b.revives[s.Case]:
			b.check(duty)
		}
	}
}
