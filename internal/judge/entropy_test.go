package judge

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// values makes 40 values by a formula; r is the same in every run.
func values(formula func(i int, r *rand.Rand) string) (out []string) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 40 {
		out = append(out, formula(i, r))
	}
	return out
}

func randomText(r *rand.Rand, alphabet string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(alphabet[r.IntN(len(alphabet))])
	}
	return b.String()
}

const hexDigits = "0123456789abcdef"

func TestMeasure(t *testing.T) {
	const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	for name, c := range map[string]struct {
		formula func(i int, r *rand.Rand) string
		weak    bool
	}{
		"hex":                 {func(_ int, r *rand.Rand) string { return randomText(r, hexDigits, 32) }, false},
		"base62, a tag":       {func(_ int, r *rand.Rand) string { return "sess_" + randomText(r, base62, 22) }, false},
		"64 bits and a clock": {func(i int, r *rand.Rand) string { return fmt.Sprintf("%012x", 1e12+i) + randomText(r, hexDigits, 20) }, false},
		"a counter":           {func(i int, _ *rand.Rand) string { return fmt.Sprintf("session-%08d", 9990+i) }, true},
		"a clock":             {func(i int, r *rand.Rand) string { return fmt.Sprintf("%020x%016x", 0, 1e15+i*1000+r.IntN(999)) }, true},
		"clock, then counter": {func(i int, r *rand.Rand) string { return fmt.Sprintf("%x-%d", 1e15+i*1000+r.IntN(999), i) }, true},
		"32 bits":             {func(_ int, r *rand.Rand) string { return strings.Repeat("0", 24) + randomText(r, hexDigits, 8) }, true},
		"always the same":     {func(int, *rand.Rand) string { return "secret" }, true},
	} {
		m := measure(values(c.formula))
		if weak := m.same > 0 || m.room < entropyBits; weak != c.weak {
			t.Errorf("%s: %s", name, m)
		}
	}
	if m := measure([]string{"ab1", "ab2", "ab1x"}); m.same != 0 || m.fixed != 2 || m.length != 3 || m.counts != 0 || m.room != 1 {
		t.Errorf("%+v", m)
	}
}

// series: the sign-in was repeated, and brought these values.
func series(formula func(i int, r *rand.Rand) string) effect {
	return set(func(o *history.Op) {
		o.Step.Times = 40
		o.Series = nil
		for _, v := range values(formula) {
			o.Series = append(o.Series, []history.Carrier{{Kind: "cookie", Name: "sid", Value: v}})
		}
	})
}

func random(_ int, r *rand.Rand) string { return randomText(r, hexDigits, 32) }

// plenty are the duties that show in numbers.
func plenty() []duty {
	counter := func(i int, _ *rand.Rand) string { return fmt.Sprintf("%032d", i) }
	return []duty{
		{id: entropyFloor, name: "counter",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop", series(random), when(bad, series(counter)))
			},
			op: 0, rank: 1, want: "leaves room for 64 bits", got: "0 repeated, 30 of 32 positions fixed, 2 more only count upwards, the rest has room for 0 bits at most"},
		{id: entropyFloor, name: "one for all",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop", series(random), when(bad, series(func(int, *rand.Rand) string { return "x" })))
			},
			op: 0, rank: 1, want: "no two sign-ins bring the same credential", got: "39 repeated"},
		{id: "hygiene/flooding-bounded",
			tale: func(bad bool) *tale {
				return tell("laptop=alice", "desk=bob").do("sign_in", "desk").do("sign_in", "laptop", series(random), when(bad, dies("bob.desk#1")))
			},
			op: 1, rank: 2, credential: "bob.desk#1", want: "drive nobody else out", got: "is dead"},
		{id: rightsGone,
			tale: func(bad bool) *tale {
				return demoted(refused).do("create_user", "second", acted, user("erin"), when(!bad, refused))
			},
			op: 6, rank: 1, want: "admintwo, who is no administrator any more", got: "the session from before could"},
	}
}

// demoted: an ordinary user tries what administrators do, one of them does it, and loses the right.
func demoted(ordinary effect) *tale {
	return tell("office=admin", "second=admintwo", "desk=bob").do("sign_in", "office").do("sign_in", "second").do("sign_in", "desk").
		do("create_user", "desk", acted, user("carol"), ordinary).do("create_user", "second", acted, user("dave")).
		do("set_role", "office", user("admintwo"), set(func(o *history.Op) { o.Step.To = "user" }))
}

// Nothing follows where everybody may create accounts, or a few values only were seen.
func TestPlentyNoOccasion(t *testing.T) {
	few := set(func(o *history.Op) { o.Series = o.Series[:entropySample-1] })
	for name, c := range map[string]struct {
		tale *tale
		id   string
	}{
		"open to all": {demoted(effect(func(*tale, *history.Op) {})).do("create_user", "second", acted, user("erin")), rightsGone},
		"by sign-up":  {demoted(refused).do("create_user", "second", user("erin")), rightsGone},
		"few":         {tell("laptop=alice").do("sign_in", "laptop", series(random), few), entropyFloor},
	} {
		if r := Judge(c.tale.p, Terms{}); r.Checks[c.id] != 0 || len(r.Findings) > 0 {
			t.Errorf("%s: %s", name, all(r))
		}
	}
}
