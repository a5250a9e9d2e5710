package targets

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestSetupThatCannotGetWhatItNeeds(t *testing.T) {
	x, _ := loaded(t, setupOf("away", ""))
	_, err := x.Start(context.Background(), allow)
	if !errors.Is(err, ErrUnavailable) || err.Error() != "target not available: x: registry is away" {
		t.Errorf("%v", err)
	}
	noFolder(t, x)
}

func TestSetupThatFails(t *testing.T) {
	x, _ := loaded(t, setupOf("crash", ""))
	_, err := x.Start(context.Background(), allow)
	if err == nil || errors.Is(err, ErrUnavailable) || err.Error() != "target x: setup: exit status 3\nreading the settings\nno database" {
		t.Errorf("%v", err)
	}
	noFolder(t, x)
}

func TestSetupThatTakesTooLong(t *testing.T) {
	x, pidfile := loaded(t, setupOf("forever", ", timeout: 1s"))
	_, err := x.Start(context.Background(), allow)
	if err == nil || !strings.Contains(err.Error(), "target x: setup was not finished after 1s") {
		t.Errorf("%v", err)
	}
	gone(t, grandchild(t, pidfile), time.Second)
	noFolder(t, x)
}

func TestSetupThatIsInterrupted(t *testing.T) {
	x, _ := loaded(t, setupOf("forever", ""))
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("Ctrl-C")
	time.AfterFunc(200*time.Millisecond, func() { cancel(why) })
	if _, err := x.Start(ctx, allow); !errors.Is(err, why) {
		t.Errorf("%v", err)
	}
	noFolder(t, x)
}

func TestSetupLeavesNobodyBehind(t *testing.T) {
	x, pidfile := loaded(t, setupOf("prepare", ""))
	p, err := x.Start(context.Background(), allow)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop()
	gone(t, grandchild(t, pidfile), time.Second)
}

func TestEmbeddedTargetsAreUnpacked(t *testing.T) {
	ts, err := Load("django-allauth-app", nil)
	if err != nil {
		t.Fatal(err)
	}
	x := ts[0]
	x.Setup, x.Launch = nil, nil
	for range 2 { // a second start has to unpack anew: the first one's folder is gone
		p, err := x.Start(context.Background(), StartOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(x.Dir, x.Vars["work"]) {
			t.Errorf("%s is not in %s", x.Dir, x.Vars["work"])
		}
		cmd, err := x.command(&Command{Command: []Template{{Text: "./setup"}}})
		if err != nil || cmd.Err != nil {
			t.Errorf("scripts cannot be run: %v %v", err, cmd.Err)
		}
		p.Stop()
		noFolder(t, x)
	}
}

func TestTheTailKeepsTheLastWords(t *testing.T) {
	x := &tail{}
	for range 10_000 {
		_, _ = x.Write([]byte("a long story\n"))
	}
	_, _ = x.Write([]byte("the end\n"))
	if s := x.String(); len(s) > 9<<10 || !strings.HasSuffix(s, "a long story\nthe end") || x.lastLine() != "the end" {
		t.Errorf("%d bytes, %q", len(s), s[max(len(s)-50, 0):])
	}
}
