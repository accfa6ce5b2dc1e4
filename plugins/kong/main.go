package kong

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	stock "github.com/Kong/go-pdk/server"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/internal/watch"
	"github.com/glacis-waf/glacis/policy/country"
)

// drain is how long events in progress may take after a signal to stop.
const drain = 5 * time.Second

// Main is the executable. It registers its flags beside those of go-pdk
// (-kong-prefix, -dump, -help) in the standard flag set, parses the arguments,
// and returns when a signal stops the server.
func Main() error {
	var o options
	o.register(flag.CommandLine)
	flag.Parse()
	if flag.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flag.Arg(0))
	}
	if flag.Lookup("help").Value.String() == "true" {
		flag.Usage()
		return nil
	}
	executable, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the plugin's name: %w", err)
	}
	d := Description{Name: filepath.Base(executable), Version: core.Version, Priority: o.priority,
		Prefix: flag.Lookup("kong-prefix").Value.String()}
	switch {
	case flag.Lookup("dump").Value.String() == "true":
		b, err := d.Dump()
		if err == nil {
			_, err = os.Stdout.Write(b)
		}
		return err
	case o.schema:
		_, err = io.WriteString(os.Stdout, d.Lua())
		return err
	}
	return o.serve(d)
}

// limitProcs takes a quarter of the processors for Go code, unless the
// environment says otherwise. The others are Kong's workers', and a runtime with
// idle processors spends more time looking for work than inspecting: one instead
// of two nearly halved what a request costs (README, Cost).
func limitProcs() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(max(1, (runtime.NumCPU()+3)/4))
	}
}

// countries opens the database of countries, nil for none, and follows its file
// for the life of the process.
func (o *options) countries() (*country.Database, error) {
	if o.geoDatabase == "" {
		return nil, nil
	}
	d, err := country.Open(o.geoDatabase)
	if err != nil {
		return nil, fmt.Errorf("-geo-database: %w", err)
	}
	go watch.Poll(context.Background(), 10*time.Second, func(context.Context) (bool, error) { return d.Check() }, func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, "glacis: the database of countries was not reloaded, the old one stays in force:", err)
		}
	})
	return d, nil
}

func (o *options) serve(d Description) error {
	limitProcs()
	// A log pipe that breaks must not end the process with the next event.
	signal.Ignore(syscall.SIGPIPE)
	from, err := o.supply()
	if err != nil {
		return err
	}
	events := io.Writer(os.Stderr)
	if o.events != "" {
		f, err := os.OpenFile(o.events, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640)
		if err != nil {
			return fmt.Errorf("-events: %w", err)
		}
		defer f.Close()
		events = f
	}
	countries, err := o.countries()
	if err != nil {
		return err
	}
	if o.sidecar.Identity, err = gateway.ParseIdentity(o.identity); err != nil {
		return fmt.Errorf("-learn-%w", err)
	}
	settings := Options{Countries: countries, Name: d.Name, Models: from, Events: events, CacheBytes: o.cacheBytes, Sidecar: o.sidecar}
	if o.stock {
		constructor, err := Stock(settings)
		if err != nil {
			return err
		}
		return stock.StartServer(constructor, d.Version, d.Priority)
	}
	s, err := New(settings)
	if err != nil {
		return err
	}
	return run(s, d.Socket())
}

// run serves at a socket until a signal, or until another process has taken the
// socket's place: Kong, killed and started again, starts a new server and knows
// nothing of the old one.
func run(s *Server, socket string) error {
	l, err := Listen(socket)
	if err != nil {
		return err
	}
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	s.log("glacis " + core.Version + " listens at " + socket)
	look := time.NewTicker(10 * time.Second)
	defer look.Stop()
	for {
		select {
		case err := <-served:
			return err
		case <-stop.Done():
		case <-look.C:
			if l.current() {
				continue
			}
			s.log("another process serves " + socket + ": bye")
		}
		l.Close()
		ctx, cancel := context.WithTimeout(context.Background(), drain)
		defer cancel()
		s.Shutdown(ctx)
		return <-served
	}
}
