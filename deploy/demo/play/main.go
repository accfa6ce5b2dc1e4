// Command play is "make demo": it starts the vulnerable shop and "glacis proxy"
// before it on free local ports, plays honest visits and attacks through the
// proxy, explains what was blocked, and leaves both running until it is
// interrupted. Each attack is also sent to a second shop without protection, to
// show what it would have got. With GATEWAY=envoy, traefik or kong in the
// environment or -gateway, that gateway with its plugin stands in the proxy's
// place. With LEARN=1 or -learn a second act follows: a sidecar learns from
// visitors for about five minutes, until a false positive disappears by itself
// and another by a suggestion that was made policy.
//
// With ONESHOT=1 in the environment or -oneshot it ends by itself: with status
// 0 if at least 99 % of the honest requests passed and 80 % of the attacks were blocked,
// otherwise with status 1. Status 2 means that something could not be started, 3
// that the gateway cannot be had here.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/glacis-waf/glacis/deploy/demo/traffic"
)

// The floor for a good end: below it something broke. It is no aim; what gets
// through is printed with a mark of its own.
const (
	wantPassed  = 0.99 // share of honest requests that must pass
	wantBlocked = 0.80 // share of attacks that must be blocked
)

func main() {
	oneshot := flag.Bool("oneshot", os.Getenv("ONESHOT") != "" && os.Getenv("ONESHOT") != "0", "end after the traffic was played")
	binary := flag.String("glacis", os.Getenv("GLACIS"), "glacis command to use, also from $GLACIS; without it one is built from the repository")
	gateway := flag.String("gateway", os.Getenv("GATEWAY"), "envoy, traefik or kong; without it glacis proxy, also from $GATEWAY")
	learn := flag.Bool("learn", os.Getenv("LEARN") != "" && os.Getenv("LEARN") != "0", "let a sidecar learn afterwards, for some minutes (glacis proxy only)")
	repository := flag.String("repository", "", "root of the repository; without it the one that play is run in")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	good, err := run(ctx, os.Stdout, options{repository: *repository, binary: *binary, gateway: *gateway, oneshot: *oneshot, learn: *learn})
	stop()
	switch {
	case errors.Is(err, errUnavailable):
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(3)
	case err != nil:
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(2)
	case !good:
		os.Exit(1)
	}
}

// options say what to play. Without a repository it is the one that play is run
// in, without a binary one is built, and without a gateway it is glacis proxy.
type options struct {
	repository, binary, gateway string
	oneshot, learn              bool
}

// run is all of the demo; good says whether it went as it should.
func run(ctx context.Context, out io.Writer, o options) (good bool, err error) {
	benign, err := traffic.Benign()
	if err != nil {
		return false, err
	}
	attacks, err := traffic.Attacks()
	if err != nil {
		return false, err
	}
	site, err := start(ctx, out, o)
	if err != nil {
		return false, err
	}
	defer site.stop()
	fmt.Fprintf(out, "shop without protection  http://%s\nshop behind glacis       http://%s\n", site.bare, site.proxy)
	if site.metrics != "" {
		fmt.Fprintf(out, "metrics                  http://%s/metrics\n", site.metrics)
	}
	fmt.Fprintln(out)

	sum, err := play(ctx, out, site, benign, attacks)
	if err != nil {
		return false, err
	}
	sum.print(out)
	good = sum.good()
	if site.side != nil && good && o.learn {
		if good, err = site.learn(ctx, out); err != nil {
			return false, err
		}
	}
	if !o.oneshot {
		fmt.Fprintf(out, "\nBoth are still running: try http://%s/search?q=shoes yourself. Ctrl-C ends them.\n", site.proxy)
		<-ctx.Done()
	}
	return good, nil
}
