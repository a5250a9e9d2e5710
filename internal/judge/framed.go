package judge

import (
	"fmt"
	"slices"

	"github.com/sessionspec/sessionspec/internal/history"
)

const embedded = "browser/embedded-context"

// framed: in a frame of another site the target is somebody's only where that is
// declared, and then apart from other frames and from the top level. Wherever it
// is shown, it says what whoami says.
func (b *bench) framed(op *history.Op, before string) {
	if op.Step.Op != "embed" || before != "live" {
		return
	}
	owner := b.person(b.clients[op.Step.Client], op.Index)
	guest := b.clients[op.Step.Of].User
	for _, x := range op.Framed {
		if x.Answer.State == history.NoVerdict {
			b.stop(true, "whoami gave no verdict %s: %s", place(x), x.Answer.Why)
			return
		}
		f := Finding{Requirement: embedded, Op: op.Index, Probe: -1, Try: "refuse frames by Content-Security-Policy frame-ancestors where they are not wanted; " +
			"where they are, set the cookies of a frame with SameSite=None, Secure and Partitioned"}
		f.Want, f.Got, f.Rank = b.misplaced(x, op.Framed[0].Site, owner, guest)
		if f.Got == "" {
			b.check(embedded)
			continue
		}
		b.find(f)
		return
	}
}

// misplaced says what is wrong with the target in one place; got is "" if
// nothing is. first is the site in whose frame the guest signs in.
func (b *bench) misplaced(x history.Framed, first, owner, guest string) (want, got string, rank int) {
	shared := b.terms.Embedding == "third_party"
	apart := b.terms.Embedding == "partitioned"
	person, may := "", false // who must be there, and whether nobody may be instead
	switch {
	case x.Refused && (shared || apart):
		return "frames of other sites are shown, as declared", "the browser was told not to show the target " + place(x), 3
	case x.Refused:
		return "", "", 0
	case x.Site == "":
		person = owner
	case shared:
		person, may = owner, true // the browser decides
	case apart && x.When == history.FrameIn && x.Site == first:
		person = guest
	}
	live := x.Answer.State == history.Live
	want = "whoami " + place(x) + " says " + person
	switch {
	case x.Error != "":
		return "a sign-in and a sign-out in a frame work, as declared", x.Error, 3
	case person == "":
		want = "whoami " + place(x) + " knows nobody"
		if live {
			return want, "it is " + gotText(x.Answer), 1
		}
	case !live && !may:
		return want, "it is " + gotText(x.Answer), 2
	case live && x.Answer.User != person:
		return want, "it is " + gotText(x.Answer), 0
	}
	if s := x.Sight; s != nil {
		want = "the page " + place(x) + " says what whoami says (" + gotText(x.Answer) + ")"
		switch {
		case s.Claim == "in" && !live, s.Claim == "out" && live:
			return want, "it says signed " + s.Claim, 3
		case !live && (slices.Contains(s.Names, owner) || slices.Contains(s.Names, guest)):
			return want, fmt.Sprintf("it names %s", s.Names[0]), 1
		}
	}
	return "", "", 0
}

func place(x history.Framed) string {
	where := "at the top level"
	switch {
	case x.When == history.FrameCopyOut:
		return "by a copy of the credential from the frame"
	case x.Site != "":
		where = "in a frame of " + x.Site
	}
	switch x.When {
	case history.FrameIn:
		return where + " after the sign-in in a frame"
	case history.FrameOut:
		return where + " after the sign-out in the frame"
	}
	return where
}
