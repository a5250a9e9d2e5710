package targets

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

const (
	// driveTimeout bounds one operation of a driver unless the file says otherwise.
	driveTimeout = 30 * time.Second
	// driveLine bounds one line of a driver, in octets.
	driveLine = 16 << 20
	// driveGrace is how long a driver may take to end when its input has ended.
	driveGrace = time.Second
)

// processDriver performs operations by processes that speak lines of JSON, as
// docs/drivers.md tells. A process does one operation at a time; there are as
// many as are at work at a time, and each is used again.
type processDriver struct {
	t    *Target
	work string

	mu   sync.Mutex
	idle []*driving
	all  []*driving
	over bool
}

func newProcessDriver(t *Target, work string) *processDriver { return &processDriver{t: t, work: work} }

// Offers is empty: the file says what is driven.
func (d *processDriver) Offers() []Offer { return nil }

// Perform asks a process. One that fails in any way is ended and not used again,
// and the error has its last words.
func (d *processDriver) Perform(ctx context.Context, c *Client, call Call) (Result, error) {
	limit := cmp.Or(d.t.DrivenBy.Timeout, driveTimeout)
	inner, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("it was not done after %s", limit))
	defer cancel()
	p, err := d.take()
	if err != nil {
		return Result{}, fmt.Errorf("driver %s: %w", d.name(), err)
	}
	res, err := p.perform(inner, c, call)
	if err != nil {
		p.end(0)
		return Result{}, fmt.Errorf("driver %s: %s: %w%s", d.name(), call.Operation, err, p.words())
	}
	d.mu.Lock()
	d.idle = append(d.idle, p)
	d.mu.Unlock()
	return res, nil
}

func (d *processDriver) name() string { return d.t.DrivenBy.Command[0].Text }

func (d *processDriver) take() (*driving, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.over {
		return nil, errors.New("the run is over")
	}
	if n := len(d.idle); n > 0 {
		p := d.idle[n-1]
		d.idle = d.idle[:n-1]
		return p, nil
	}
	cmd, err := d.t.command(d.t.DrivenBy.asCommand())
	if err != nil {
		return nil, err
	}
	hear, stdout, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	stdin, say, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, hear.Close(), stdout.Close())
	}
	cmd.Stdin, cmd.Stdout = stdin, stdout
	p := &driving{say: say, log: &tail{}, lines: make(chan heard)}
	p.child, err = startChild(cmd, p.log, d.work)
	stdin.Close()
	stdout.Close()
	if err != nil {
		return nil, errors.Join(err, hear.Close(), say.Close())
	}
	go p.listen(hear)
	d.all = append(d.all, p)
	return p, nil
}

// stop ends all processes: politely, by the end of their input.
func (d *processDriver) stop() {
	d.mu.Lock()
	d.over = true
	all := d.all
	d.mu.Unlock()
	var wg sync.WaitGroup
	for _, p := range all {
		wg.Go(func() { p.end(driveGrace) })
	}
	wg.Wait()
}

// driving is one process.
type driving struct {
	child *child
	say   *os.File
	log   *tail // its standard error
	lines chan heard
	calls int
	once  sync.Once
}

// heard is a line of a driver, or why there are no more.
type heard struct {
	line string
	err  error
}

// listen reads until nobody writes any more.
func (p *driving) listen(hear *os.File) {
	defer hear.Close()
	sc := bufio.NewScanner(hear)
	sc.Buffer(make([]byte, 0, 64<<10), driveLine)
	pass := func(h heard) bool {
		select {
		case p.lines <- h:
			return true
		case <-p.child.done:
			select { // what it said before its end is still an answer
			case p.lines <- h:
				return true
			case <-time.After(driveGrace):
				return false
			}
		}
	}
	for sc.Scan() {
		if !pass(heard{line: sc.Text()}) {
			return
		}
	}
	err := sc.Err()
	if errors.Is(err, bufio.ErrTooLong) {
		err = fmt.Errorf("a line of more than %d MiB", driveLine>>20)
	} else if err == nil {
		err = io.EOF
	}
	pass(heard{err: err})
	close(p.lines)
}

// end lets the process go: its input ends, then, after the grace, its group.
func (p *driving) end(grace time.Duration) {
	p.once.Do(func() {
		p.say.Close()
		if grace > 0 {
			select {
			case <-p.child.done:
			case <-time.After(grace):
			}
		}
		p.child.stop(0)
	})
}

// words are the last ones that it said on standard error.
func (p *driving) words() string {
	if s := p.log.String(); s != "" {
		return "\n" + s
	}
	return ""
}

func (p *driving) perform(ctx context.Context, c *Client, call Call) (Result, error) {
	p.calls++
	kept := c.Kept
	if kept == nil {
		kept = map[string]string{}
	}
	ask := driveAsk{ID: p.calls, Call: &call, Client: &driveClient{c.Name, c.Base, c.Agent, c.Address, c.Connection, kept}}
	for {
		if err := p.write(ctx, ask); err != nil {
			return Result{}, err
		}
		said, err := p.read(ctx)
		if err != nil {
			return Result{}, err
		}
		switch {
		case said.Error != "":
			return Result{}, errors.New(said.Error)
		case said.Request == nil:
			return said.Result, said.Check()
		}
		res := send(ctx, c, *said.Request)
		ask = driveAsk{ID: p.calls, Answer: &res}
	}
}

func (p *driving) write(ctx context.Context, ask driveAsk) error {
	line, err := marshal(ask)
	if err != nil {
		return err
	}
	if by, ok := ctx.Deadline(); ok {
		_ = p.say.SetWriteDeadline(by) // pipes have one; where they have not, the end of ctx ends the process
	}
	if _, err := p.say.Write(append(line, '\n')); err != nil {
		if ctx.Err() != nil || errors.Is(err, os.ErrDeadlineExceeded) {
			return errors.New("it does not read what it is asked")
		}
		return p.ended()
	}
	return nil
}

// ended says how the process ended, as far as it has.
func (p *driving) ended() error {
	select {
	case <-p.child.done:
		return fmt.Errorf("it has ended (%s)", p.child.how())
	case <-time.After(driveGrace):
		return errors.New("it has closed its standard output")
	}
}

func (p *driving) read(ctx context.Context) (driveSay, error) {
	var h heard
	select {
	case got, ok := <-p.lines:
		if h = got; !ok {
			h.err = io.EOF
		}
	case <-ctx.Done():
		return driveSay{}, context.Cause(ctx)
	}
	if errors.Is(h.err, io.EOF) {
		return driveSay{}, p.ended()
	}
	if h.err != nil {
		return driveSay{}, h.err
	}
	said, err := parseSay(h.line)
	if err == nil && *said.ID != p.calls {
		err = fmt.Errorf("it answers call %d, and was asked call %d", *said.ID, p.calls)
	}
	return said, err
}
