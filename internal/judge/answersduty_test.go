package judge

import (
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/lin"
	"github.com/sessionspec/sessionspec/internal/model"
)

// Where answers have no order, a sign-in that got through beside a change is to
// blame before a request beside an end.
func TestAnswersDuty(t *testing.T) {
	for name, c := range map[string]struct {
		ops  []lin.Op
		want string
	}{
		"sign-in and change":         {[]lin.Op{{What: "sign_in"}, {What: "reset_password"}}, changeVsSignIn},
		"refused sign-in and change": {[]lin.Op{{What: "sign_in", Refused: true}, {What: "reset_password"}}, outVsRequest},
		"sign-in and sign-out":       {[]lin.Op{{What: "sign_in"}, {What: "sign_out"}}, outVsRequest},
		"two changes":                {[]lin.Op{{What: "change_password"}, {What: "change_password"}}, outVsRequest},
	} {
		if got := answersDuty(lin.History{Ops: c.ops}, nil); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// What no order explains decides, where that is known.
func TestAnswersDutyByWhatIsUnexplained(t *testing.T) {
	signIn, change, note := lin.Op{What: "sign_in", Gets: "P"}, lin.Op{What: "change_password", Gets: "M"}, lin.Op{What: "note"}
	accepted := func(o lin.Op) lin.Answer { return lin.Answer{Op: o} }
	for name, c := range map[string]struct {
		ops  []lin.Op
		some []lin.Answer
		want string
	}{
		"a sign-in by the old password":         {[]lin.Op{signIn, change}, []lin.Answer{accepted(signIn)}, changeVsSignIn},
		"what it opened, and something else":    {[]lin.Op{signIn, change}, []lin.Answer{{Cred: "P", Live: true}, {Cred: "M"}}, changeVsSignIn},
		"a change that was lost":                {[]lin.Op{note, change}, []lin.Answer{{Cred: "L", Live: true}, {Cred: "M"}}, writesMerge},
		"a change that was lost, and a sign-in": {[]lin.Op{signIn, note, change}, []lin.Answer{{Cred: "L", Live: true}, {Cred: "M"}}, writesMerge},
		"a change by what another one ended":    {[]lin.Op{change, change}, []lin.Answer{accepted(change)}, outVsRequest},
		"no end at all":                         {[]lin.Op{note, signIn}, []lin.Answer{accepted(signIn)}, writesMerge},
	} {
		if got := answersDuty(lin.History{Ops: c.ops}, c.some); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// A finding names the answer that no order explains.
func TestUnexplainedIsNamed(t *testing.T) {
	r := Judge(home().together([][]nested{one("change_password", "laptop", 0, 10, acted, gets(""), sets(1)), one("sign_in", "phone", 20, 30, gets(""))},
		dies("alice.laptop#1", "alice.phone#1", "alice.phone#2")).p, Terms{Declared: model.Declared{CurrentAfterChange: "rotate"}})
	only(t, r, changeVsSignIn)
	f := r.Findings[0]
	if f.Want != "some order of what was done at once explains all answers" ||
		!strings.HasPrefix(f.Got, "no order explains that 2.1 sign_in: phone was accepted, given the rest: 1.1 change_password: laptop, ") {
		t.Errorf("%s\n%s", f.Want, f.Got)
	}
}

// The cell of a question that came after it was over claims no difference.
func TestCellClaimsNoMismatchThatIsNone(t *testing.T) {
	r := Judge(home().together([][]nested{one("sign_out", "laptop", 0, 20, dies("alice.laptop#1")),
		one("whoami", "phone", 30, 31, saw("alice.laptop#1", liveAs("alice")))}).p, Terms{})
	only(t, r, outVsRequest)
	for _, c := range r.Timeline[len(r.Timeline)-1].Cells {
		if c.Bad {
			t.Errorf("%+v", c)
		}
	}
}
