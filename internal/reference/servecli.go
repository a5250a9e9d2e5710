package reference

import (
	"context"
	"fmt"
	"io"
	"net"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
)

const serveUsage = `usage: serve [--dialect NAME] [--addr HOST] [--port N] [--store FILE] [--admin-key KEY]
             [--plant FAULT,...] [--hash-cost N] [--idle DURATION] [--absolute DURATION]
             [--tls-dir DIR [--plain-port N]] [--revoke-asks] [--embed] [--session-limit N [--refuse-at-limit]]
`

// ServeCLI runs a server in the foreground until SIGINT or SIGTERM, which are a
// clean end (exit 0). With --tls-dir it serves https by a certificate whose
// authority is written to DIR/ca.pem, and on --plain-port sends visitors there. It prints "listening on URL" to stdout once it is ready
// and "fired: FAULT" lines to stderr. 1 is a server that cannot run, 2 bad usage.
func ServeCLI(args []string, stdout, stderr io.Writer) int {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer cancel()
	return serve(ctx, args, stdout, stderr)
}

func serve(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set := newFlags("serve")
	o := Options{Log: stderr}
	set.StringVar(&o.Dialect, "dialect", dialectWeb, "")
	host := set.String("addr", "127.0.0.1", "")
	port := set.Int("port", 0, "")
	set.StringVar(&o.Store, "store", "", "")
	set.StringVar(&o.AdminKey, "admin-key", "", "")
	planted := set.String("plant", "", "")
	set.IntVar(&o.HashCost, "hash-cost", 0, "")
	set.DurationVar(&o.Idle, "idle", 0, "")
	set.DurationVar(&o.Absolute, "absolute", 0, "")
	set.BoolVar(&o.Rules.RevokeAsks, "revoke-asks", false, "")
	set.IntVar(&o.Rules.SessionLimit, "session-limit", 0, "")
	set.BoolVar(&o.Rules.RefuseAtLimit, "refuse-at-limit", false, "")
	set.BoolVar(&o.Rules.Embed, "embed", false, "")
	tlsDir := set.String("tls-dir", "", "")
	plainPort := set.Int("plain-port", 0, "")
	words, err := parse(set, args)
	if err == nil && len(words) > 0 {
		err = fmt.Errorf("unexpected word %q", words[0])
	}
	if _, err2 := plant([]string{*planted}, nil); err == nil {
		err = err2
	}
	if err == nil && !isDialect(o.Dialect) {
		err = fmt.Errorf("no dialect %q; there are: %s", o.Dialect, strings.Join(spoken(), ", "))
	}
	if err != nil {
		fmt.Fprintf(stderr, "serve: %v\n%s", err, serveUsage)
		return exitUsage
	}
	o.Plant = []string{*planted}
	o.Addr = net.JoinHostPort(*host, strconv.Itoa(*port))
	if *tlsDir != "" {
		if o.TLS, err = privateCA(*tlsDir); err != nil {
			fmt.Fprintln(stderr, "serve:", err)
			return exitRefused
		}
		if *plainPort != 0 {
			o.Plain = net.JoinHostPort(*host, strconv.Itoa(*plainPort))
		}
	}
	srv, err := Serve(ctx, o)
	if err != nil {
		fmt.Fprintln(stderr, "serve:", err)
		return exitRefused
	}
	fmt.Fprintln(stdout, "listening on", srv.URL())
	if err := srv.Wait(); err != nil {
		fmt.Fprintln(stderr, "serve:", err)
		return exitRefused
	}
	srv.Close() // waits until the store is closed
	return exitOK
}
