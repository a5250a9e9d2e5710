package judge

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// framesShown are what an embed saw, in order.
func framesShown(list ...history.Framed) effect {
	return set(func(o *history.Op) { o.Step.Of, o.Framed = "desk", list })
}

func frameAt(site, when string, a history.Answer, claim string) history.Framed {
	return history.Framed{Site: site, When: when, Answer: a, Sight: &history.Sight{Claim: claim}}
}

// inFrames is a good course where sessions in frames are declared; bad changes it.
func inFrames(bad bool, change func(list []history.Framed)) *tale {
	list := []history.Framed{
		frameAt("shop.test", history.FrameBefore, dead, "out"),
		frameAt("shop.test", history.FrameIn, liveAs("bob"), "in"),
		frameAt("news.test", history.FrameIn, dead, "out"),
		frameAt("", history.FrameIn, liveAs("alice"), "in"),
		frameAt("shop.test", history.FrameOut, dead, "out"),
		{Site: "shop.test", When: history.FrameCopyOut, Answer: dead},
		frameAt("", history.FrameOut, liveAs("alice"), "in"),
	}
	if bad {
		change(list)
	}
	return tell("laptop=alice", "desk=bob").do("sign_in", "laptop").do("embed", "laptop", framesShown(list...))
}

func frameDuties() []duty {
	const id = "browser/embedded-context"
	apart := Terms{Embedding: "partitioned"}
	one := func(good, wrong history.Framed) func(bool) *tale {
		return func(bad bool) *tale {
			x := good
			if bad {
				x = wrong
			}
			return tell("laptop=alice", "desk=bob").do("sign_in", "laptop").do("embed", "laptop", framesShown(x))
		}
	}
	row := func(name string, rank int, want, got string, change func(list []history.Framed)) duty {
		return duty{id: id, name: name, terms: apart, tale: func(bad bool) *tale { return inFrames(bad, change) }, op: 1, rank: rank, want: want, got: got}
	}
	refused := history.Framed{Site: "shop.test", When: history.FrameBefore, Refused: true}
	return []duty{
		row("the other frame", 1, "in a frame of news.test after the sign-in in a frame knows nobody", "it is live as bob",
			func(list []history.Framed) { list[2].Answer = liveAs("bob") }),
		row("the top level", 0, "whoami at the top level after the sign-in in a frame says alice", "it is live as bob",
			func(list []history.Framed) { list[3].Answer = liveAs("bob") }),
		row("the top level ends", 2, "says alice", "it is dead", func(list []history.Framed) { list[6] = frameAt("", history.FrameOut, dead, "out") }),
		row("a copy", 1, "by a copy of the credential from the frame knows nobody", "it is live as bob",
			func(list []history.Framed) { list[5].Answer = liveAs("bob") }),
		row("the page lies", 3, "says what whoami says", "it says signed out", func(list []history.Framed) { list[1].Sight.Claim = "out" }),
		row("no sign-in", 3, "as declared", "timed out", func(list []history.Framed) {
			list[1] = history.Framed{Site: "shop.test", When: history.FrameIn, Error: "sign_in in the frame: timed out"}
		}),
		{id: id, name: "not declared", tale: one(frameAt("shop.test", history.FrameBefore, dead, "out"), frameAt("shop.test", history.FrameBefore, liveAs("alice"), "in")),
			op: 1, rank: 1, want: "in a frame of shop.test knows nobody", got: "it is live as alice"},
		{id: id, name: "names somebody", tale: one(refused, history.Framed{Site: "shop.test", When: history.FrameBefore, Answer: dead, Sight: &history.Sight{Names: []string{"alice"}}}),
			op: 1, rank: 1, want: "says what whoami says", got: "it names alice"},
		{id: id, name: "refused", terms: apart, tale: one(frameAt("shop.test", history.FrameBefore, dead, "out"), refused),
			op: 1, rank: 3, want: "frames of other sites are shown, as declared", got: "told not to show the target in a frame of shop.test"},
		{id: id, name: "third party", terms: Terms{Embedding: "third_party"},
			tale: one(frameAt("shop.test", history.FrameBefore, liveAs("alice"), "in"), frameAt("shop.test", history.FrameBefore, liveAs("bob"), "in")),
			op:   1, rank: 0, want: "says alice", got: "it is live as bob"},
	}
}

// Third-party cookies are for the browser to give or to keep.
func TestThirdPartyMayBeNobody(t *testing.T) {
	t.Parallel()
	r := Judge(tell("laptop=alice", "desk=bob").do("sign_in", "laptop").
		do("embed", "laptop", framesShown(frameAt("shop.test", history.FrameBefore, dead, "out"))).p, Terms{Embedding: "third_party"})
	silent(t, r)
	if r.Checks[embedded] != 2 { // what the frame shows, and that the session outside goes on
		t.Error(all(r))
	}
}
