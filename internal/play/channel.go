package play

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

const (
	// channelSilence is how long data is waited for before a channel counts as mute.
	channelSilence = 2 * time.Second
	// channelAgain is the pause between two tries within the declared bound.
	channelAgain = 50 * time.Millisecond
	// channelBacklog bounds what is kept of a channel that nobody reads.
	channelBacklog = 64
)

// errMute says that nothing came over a channel that is still open.
var errMute = errors.New("nothing came in " + channelSilence.String())

// channel is a socket or stream that stays open from step to step. One goroutine
// reads it until it ends.
type channel struct {
	route   string
	url     string
	send    func(ctx context.Context, b []byte) error // nil for a stream
	shut    func()
	arrived chan string
	over    chan struct{} // closed with the channel; why is set before
	why     error
	once    sync.Once
}

// listen reads messages until there are no more.
func (ch *channel) listen(next func() (string, error)) {
	for {
		msg, err := next()
		if err != nil {
			ch.once.Do(func() { ch.why = err; close(ch.over) })
			return
		}
		select {
		case ch.arrived <- msg:
		default: // nobody has asked for so much
		}
	}
}

// await returns the first message for which the condition holds, any where
// there is none. The error says that the channel is closed, or mute.
func (ch *channel) await(ctx context.Context, until *targets.Expr, vars targets.Vars) (string, error) {
	quiet := time.NewTimer(channelSilence)
	defer quiet.Stop()
	fits := func(msg string) (bool, error) {
		if until == nil {
			return true, nil
		}
		return until.Holds(&targets.Answer{Status: 200, Body: msg}, vars)
	}
	for {
		select {
		case msg := <-ch.arrived:
			if ok, err := fits(msg); ok || err != nil {
				return msg, err
			}
			continue
		default:
		}
		select {
		case msg := <-ch.arrived:
			if ok, err := fits(msg); ok || err != nil {
				return msg, err
			}
		case <-ch.over:
			return "", fmt.Errorf("the channel is closed: %w", ch.why)
		case <-quiet.C:
			return "", errMute
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// drain forgets what has come so far.
func (ch *channel) drain() {
	for {
		select {
		case <-ch.arrived:
		default:
			return
		}
	}
}

// hold makes a channel the client's own, in place of the one before.
func (c *client) hold(ch *channel, next func() (string, error)) {
	if c.channel != nil {
		c.channel.shut()
	}
	ch.arrived, ch.over = make(chan string, channelBacklog), make(chan struct{})
	c.channel = ch
	go ch.listen(next)
}

// openSocket opens a websocket, sends what the step says, waits until its
// condition holds, and leaves it open.
func (c *client) openSocket(ctx context.Context, s targets.Step, vars targets.Vars) (history.Event, *targets.Answer, error) {
	first, cancel := context.WithTimeout(ctx, websocketTimeout)
	defer cancel()
	conn, ev, err := c.dialSocket(first, s, vars)
	if err != nil || conn == nil {
		return ev, answerOf(ev.Exchange, c.jarValue), err
	}
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	c.hold(&channel{url: ev.Exchange.Request.URL,
		send: func(ctx context.Context, b []byte) error { return conn.Write(ctx, websocket.MessageText, b) },
		shut: func() { end(); _ = conn.CloseNow() },
	}, func() (string, error) {
		_, msg, err := conn.Read(life)
		return string(msg), err
	})
	return c.greet(first, s, s.Send, vars, ev)
}

// openStream sends a request whose answer goes on, and leaves it open.
func (c *client) openStream(ctx context.Context, s targets.Step, vars targets.Vars) (history.Event, *targets.Answer, error) {
	path, _, err := s.Stream.Expand(vars)
	if err != nil {
		return history.Event{}, nil, err
	}
	own, err := fields(s.Headers, vars)
	if err != nil {
		return history.Event{}, nil, err
	}
	lines, err := c.header(c.url(path), own, "")
	if err != nil {
		return history.Event{}, nil, err
	}
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	req, err := http.NewRequestWithContext(life, "GET", c.url(path), nil)
	if err != nil {
		end()
		return history.Event{}, nil, err
	}
	req.Header = httpHeader(lines)
	x := &history.Exchange{Request: history.Request{Method: "GET", URL: c.url(path), Header: lines, Source: c.address}, Start: time.Now()}
	dial := &http.Client{Transport: &http.Transport{DialContext: c.dialer(), DisableKeepAlives: true, ResponseHeaderTimeout: websocketTimeout},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := dial.Do(req) //nolint:bodyclose // the channel stays open; its shut closes it
	x.End = time.Now()
	c.requests++
	x.Response = recorded(res)
	ev := history.Event{Exchange: x}
	if err != nil {
		end()
		x.Error = err.Error()
		return ev, nil, err
	}
	if res.StatusCode != http.StatusOK {
		end()
		return ev, answerOf(x, c.jarValue), res.Body.Close()
	}
	c.hold(&channel{url: x.Request.URL, shut: func() { end(); _ = res.Body.Close() }}, streamed(res))
	return c.greet(ctx, s, nil, vars, ev)
}

// streamed cuts a stream: server-sent events by their blank lines, of which the
// data counts, and anything else by lines.
func streamed(res *http.Response) func() (string, error) {
	in := bufio.NewReader(res.Body)
	events := strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream")
	return func() (string, error) {
		var data []string
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return "", err
			}
			line = strings.TrimRight(line, "\r\n")
			switch {
			case !events && line != "":
				return line, nil
			case events && line == "" && len(data) > 0:
				return strings.Join(data, "\n"), nil
			case events && strings.HasPrefix(line, "data:"):
				data = append(data, strings.TrimPrefix(strings.TrimPrefix(line, "data:"), " "))
			}
		}
	}
}

// greet says the first words over a new channel, and waits where the step has a condition.
func (c *client) greet(ctx context.Context, s targets.Step, say []targets.Data, vars targets.Vars, ev history.Event) (history.Event, *targets.Answer, error) {
	a := answerOf(ev.Exchange, c.jarValue)
	if err := c.channel.say(ctx, say, vars); err != nil {
		return ev, nil, err
	}
	if s.Until == nil {
		return ev, a, nil
	}
	msg, err := c.channel.await(ctx, s.Until, vars)
	ev.Exchange.Response.Body, a.Body = msg, msg
	return ev, a, err
}

func (ch *channel) say(ctx context.Context, say []targets.Data, vars targets.Vars) error {
	for _, d := range say {
		v, err := d.Expand(vars)
		if err != nil {
			return err
		}
		b, err := json.Marshal(v)
		if err != nil {
			return err
		}
		if ch.send == nil {
			return errors.New("a stream takes no messages: write `channel: []`")
		}
		if err := ch.send(ctx, b); err != nil {
			return fmt.Errorf("the channel is closed: %w", err)
		}
	}
	return nil
}

// isEnd tells that a channel ended, in whatever way, and not the harness.
func isEnd(err error) bool {
	return err != nil && (errors.Is(err, errMute) || errors.Is(err, io.EOF) || strings.HasPrefix(err.Error(), "the channel is closed"))
}
