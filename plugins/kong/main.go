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
	"strconv"
	"syscall"
	"time"

	stock "github.com/Kong/go-pdk/server"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/models"
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

// options are the flags. What they set belongs to the process: everything else
// is configured per plugin entity in Kong.
type options struct {
	stock, schema bool
	priority      int
	cacheBytes    int64
	model, events string
	sidecar       agent.Config
}

func (o *options) register(f *flag.FlagSet) {
	f.BoolVar(&o.stock, "stock", false, "run under go-pdk's stock server instead of the own one")
	f.BoolVar(&o.schema, "schema", false, "print schema.lua and exit")
	f.IntVar(&o.priority, "priority", envInt("GLACIS_PRIORITY", DefaultPriority), "priority among Kong's plugins; give it to -dump and to the server alike (GLACIS_PRIORITY)")
	f.Int64Var(&o.cacheBytes, "cache-bytes", int64(envInt("GLACIS_CACHE_BYTES", 16<<20)), "bound on the verdict cache, 0 for none (GLACIS_CACHE_BYTES)")
	f.StringVar(&o.model, "model", os.Getenv("GLACIS_MODEL"), "model file, an archive (.tgz) or raw tables; without it the embedded basic model (GLACIS_MODEL)")
	f.StringVar(&o.sidecar.Sidecar, "sidecar", os.Getenv("GLACIS_SIDECAR"), "take part in learning with the sidecar at host:port, https://… or unix:/path (GLACIS_SIDECAR)")
	f.StringVar(&o.sidecar.TokenFile, "sidecar-token-file", os.Getenv("GLACIS_SIDECAR_TOKEN_FILE"), "file with the sidecar's token (GLACIS_SIDECAR_TOKEN_FILE)")
	f.StringVar(&o.sidecar.CA, "sidecar-ca", os.Getenv("GLACIS_SIDECAR_CA"), "authority of the sidecar's certificate (GLACIS_SIDECAR_CA)")
	f.StringVar(&o.sidecar.PublicKey, "sidecar-public-key", os.Getenv("GLACIS_SIDECAR_PUBLIC_KEY"), "key that profiles must be signed with (GLACIS_SIDECAR_PUBLIC_KEY)")
	f.StringVar(&o.events, "events", os.Getenv("GLACIS_EVENTS"), "file to which events are appended; without it standard error, which Kong logs at level info (GLACIS_EVENTS)")
}

func envInt(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

func (o *options) serve(d Description) error {
	limitProcs()
	// A log pipe that breaks must not end the process with the next event.
	signal.Ignore(syscall.SIGPIPE)
	var m *model.Model
	if o.model != "" {
		var err error
		if m, _, err = models.Open(o.model); err != nil {
			return fmt.Errorf("-model: %w", err)
		}
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
	settings := Options{Name: d.Name, Model: m, Events: events, CacheBytes: o.cacheBytes, Sidecar: o.sidecar}
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
