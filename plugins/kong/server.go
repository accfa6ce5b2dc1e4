package kong

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/policy/country"
)

// Options configure a Server. The zero value is a working configuration.
type Options struct {
	// Name is the plugin's name, that of the executable; default "glacis".
	Name string
	// Models say where the supervised model comes from.
	Models Models
	// Events gets a line of JSON for every reported request and, once a minute,
	// the counters; default os.Stderr, which Kong copies into its log.
	Events io.Writer
	// CacheBytes bounds the verdict cache; 0 means none.
	CacheBytes int64
	// Countries knows where addresses are; nil for no database.
	Countries *country.Database
	// Sidecar is where to take part in learning; without its address nothing is
	// observed. Kind, Version and State are set by the server.
	Sidecar agent.Config
}

// Server is a plugin server. It is safe for concurrent use.
type Server struct{ *server }

type server struct {
	*process
	name      string
	instances *instances
	busy      atomic.Int64 // commands that are being answered
	mu        sync.Mutex
	conns     map[net.Conn]struct{}
	stopping  bool
}

// New makes a Server.
func New(o Options) (*Server, error) {
	p, err := newProcess(o, "kong")
	if err != nil {
		return nil, err
	}
	if o.Name == "" {
		o.Name = PluginName
	}
	return &Server{&server{process: p, name: o.Name, instances: newInstances(p.policies), conns: map[net.Conn]struct{}{}}}, nil
}

func newProcess(o Options, observer string) (*process, error) {
	if o.Events == nil {
		o.Events = os.Stderr
	}
	c, err := newCache(o.CacheBytes)
	if err != nil {
		return nil, err
	}
	counts := &counters{}
	p := &process{cache: c, counters: counts, report: newReporter(o.Events, counts), observer: observer, started: time.Now(),
		slots: make(chan struct{}, max(16, 8*runtime.GOMAXPROCS(0))), held: make(chan struct{}, 64)}
	if o.Sidecar.Sidecar != "" {
		if p.agent, err = startAgent(o.Sidecar, p.state); err != nil {
			return nil, err
		}
	}
	p.policies = newPolicies(o.Models, p.agent, o.Countries, p.log)
	// The entity with all defaults stays, and with it the process's model.
	defaults, err := ParseSettings([]byte("{}"))
	if err != nil {
		return nil, err
	}
	usual, err := p.policies.acquire(defaults, "")
	if err != nil {
		return nil, err
	}
	p.usual.Store(usual)
	return p, nil
}

// log writes a line about the server itself.
func (p *process) log(text string) {
	quoted, err := json.Marshal(text)
	if err != nil {
		return // a string always can be
	}
	line := append([]byte(`{"event.kind":"event","@timestamp":"`+stamp()+`","observer.name":"`+p.observer+`","message":`), quoted...)
	p.report.line(append(line, '}'))
}

// Serve accepts Kong's connections until Shutdown. Its error is that of the
// listener, nil after Shutdown.
func (s *Server) Serve(l net.Listener) error {
	wait := time.Duration(0)
	for {
		conn, err := l.Accept()
		if err != nil {
			if s.stops() || errors.Is(err, net.ErrClosed) {
				return nil
			}
			// Out of file descriptors or the like: others may come free.
			if wait = min(max(2*wait, 5*time.Millisecond), time.Second); !isTemporary(err) {
				return fmt.Errorf("accept from Kong: %w", err)
			}
			s.log("accept from Kong: " + err.Error())
			time.Sleep(wait)
			continue
		}
		wait = 0
		if !s.remember(conn) {
			conn.Close()
			return nil
		}
		go newSession(s.server, conn, bufio.NewReader(conn)).run()
	}
}

func isTemporary(err error) bool {
	var e interface{ Temporary() bool }
	return errors.As(err, &e) && e.Temporary()
}

func (s *server) remember(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return false
	}
	s.conns[c] = struct{}{}
	return true
}

func (s *server) forget(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

func (s *server) stops() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopping
}

// Shutdown lets the events in progress end, until ctx does, and then closes all
// connections. The listener is the caller's to close, before.
func (s *Server) Shutdown(ctx context.Context) {
	s.mu.Lock()
	s.stopping = true
	s.mu.Unlock()
	for s.busy.Load() > 0 && ctx.Err() == nil {
		time.Sleep(2 * time.Millisecond)
	}
	s.mu.Lock()
	for c := range s.conns {
		c.Close()
	}
	s.mu.Unlock()
	s.cache.close()
	s.policies.stop()
	if s.agent != nil {
		s.agent.Close()
	}
	s.report.close()
}
