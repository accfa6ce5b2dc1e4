// Command play is "make demo": it starts a vulnerable shop, a glacis sidecar and
// "glacis proxy" on free local ports, plays honest visits and attacks through the
// proxy, says what was blocked and why, and then has visitors teach the sidecar:
// the shop is learned, a false positive disappears by itself, and another by a
// suggestion that is made policy. All is left running until it is interrupted.
// Each attack is also sent to a second shop without protection, to show what it
// would have got. With GATEWAY=envoy, traefik or kong in the environment or
// -gateway, that gateway with its plugin stands in the proxy's place. VERBOSE=1
// or -verbose lists the honest visits too; LEARN=0 or -learn=false leaves the
// second act out.
//
// With ONESHOT=1 in the environment or -oneshot it ends by itself: with status
// 0 if at least 99 % of the honest requests passed, 80 % of the attacks were
// blocked and the second act came to its end, otherwise with status 1. Status 2
// means that something could not be started, 3 that the gateway cannot be had
// here.
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
	oneshot := flag.Bool("oneshot", set("ONESHOT"), "end by itself")
	binary := flag.String("glacis", os.Getenv("GLACIS"), "glacis command to use, also from $GLACIS; without it one is built from the repository")
	gateway := flag.String("gateway", os.Getenv("GATEWAY"), "envoy, traefik or kong; without it glacis proxy, also from $GATEWAY")
	learn := flag.Bool("learn", os.Getenv("LEARN") != "0", "play the second act, in which a sidecar learns")
	verbose := flag.Bool("verbose", set("VERBOSE"), "list honest visits too")
	repository := flag.String("repository", "", "root of the repository; without it the one that play is run in")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	good, err := run(ctx, os.Stdout, options{repository: *repository, binary: *binary, gateway: *gateway, oneshot: *oneshot, learn: *learn, verbose: *verbose})
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
	oneshot, learn, verbose     bool
}

// set says whether a variable of the environment is set, to anything but 0.
func set(name string) bool { return os.Getenv(name) != "" && os.Getenv(name) != "0" }

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
	site.introduce(out)
	fmt.Fprintf(out, "\n%s\n\n", paintFor(out).title(fmt.Sprintf("1. %d honest visits and %d attacks", len(benign), len(attacks))))
	sum, err := play(ctx, out, site, benign, attacks, o.verbose)
	if err != nil {
		return false, err
	}
	sum.print(out)
	if good = sum.good(); site.side != nil {
		learned, err := site.learn(ctx, out, attacks, sum.total().blocked)
		if err != nil {
			return false, err
		}
		good = good && learned
	}
	if !o.oneshot {
		fmt.Fprintf(out, "\nAll is still running: try http://%s/search?q=shoes yourself. Ctrl-C ends them.\n", site.proxy)
		<-ctx.Done()
	}
	return good, nil
}
