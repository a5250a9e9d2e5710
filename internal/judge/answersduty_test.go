package judge

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/lin"
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
		if got := answersDuty(lin.History{Ops: c.ops}); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
