package store

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// embedded is the NATS server within the process. It listens nowhere.
type embedded struct {
	dir  string
	log  *slog.Logger
	lock *os.File
	mu   sync.Mutex
	s    *server.Server
}

// startEmbedded takes the directory and starts the server.
func startEmbedded(dir string, log *slog.Logger) (*embedded, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		return nil, fmt.Errorf("open store: %s is in use by another process", dir)
	}
	e := &embedded{dir: dir, log: log, lock: lock}
	if err := e.start(); err != nil {
		lock.Close()
		return nil, err
	}
	if err := e.setAside(); err != nil {
		e.close()
		return nil, err
	}
	return e, nil
}

// start starts a server and waits until it is ready.
func (e *embedded) start() error {
	s, err := server.NewServer(&server.Options{ServerName: "glacis", StoreDir: filepath.Join(e.dir, "nats"), JetStream: true, SyncAlways: true,
		DontListen: true, NoSigs: true, MaxPayload: 8 << 20, JetStreamMaxMemory: 64 << 20, JetStreamMaxStore: 1 << 40, DisableJetStreamBanner: true})
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	s.SetLoggerV2(natsLog{e.log}, false, false, false)
	s.Start()
	if !s.ReadyForConnections(30*time.Second) || !s.JetStreamEnabled() {
		s.Shutdown()
		s.WaitForShutdown()
		return fmt.Errorf("open store: the server in %s does not start: see the log", e.dir)
	}
	e.mu.Lock()
	e.s = s
	e.mu.Unlock()
	return nil
}

// setAside moves the streams away that the server could not load, so that they
// can be made anew and looked at later.
func (e *embedded) setAside() error {
	folder := filepath.Join(e.dir, "nats", "jetstream", server.DEFAULT_GLOBAL_ACCOUNT, "streams")
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	info, err := e.server().Jsz(&server.JSzOptions{Accounts: true, Streams: true, Limit: len(entries) + 1})
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	loaded := make(map[string]bool)
	for _, account := range info.AccountDetails {
		for _, stream := range account.Streams {
			loaded[stream.Name] = true
		}
	}
	var lost []string
	for _, entry := range entries {
		if !loaded[entry.Name()] {
			lost = append(lost, entry.Name())
		}
	}
	if len(lost) == 0 {
		return nil
	}
	e.stop()
	for _, name := range lost {
		to := filepath.Join(e.dir, "damaged", name+"-"+stamp())
		if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o700), os.Rename(filepath.Join(folder, name), to)); err != nil {
			return fmt.Errorf("open store: set damaged files aside: %w", err)
		}
		e.log.Error("damaged files set aside", "stream", name, "to", to)
	}
	return e.start()
}

func stamp() string { return time.Now().UTC().Format("20060102T150405.000") }

func (e *embedded) server() *server.Server {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.s
}

// InProcessConn implements nats.InProcessConnProvider; after a restart it
// connects to the new server.
func (e *embedded) InProcessConn() (net.Conn, error) { return e.server().InProcessConn() }

// revive starts the server again when it has given up, as it does when the disk
// is full, or when a stream cannot be written any more.
func (e *embedded) revive(broken bool) error {
	if e.server().JetStreamEnabled() && !broken {
		return nil
	}
	e.log.Warn("storage had failed, starting it again", "dir", e.dir)
	e.stop()
	return e.start()
}

func (e *embedded) stop() {
	s := e.server()
	s.Shutdown()
	s.WaitForShutdown()
}

func (e *embedded) close() {
	e.stop()
	e.lock.Close()
}

// free returns the free bytes of the directory's disk.
func (e *embedded) free() int64 {
	var st syscall.Statfs_t
	if syscall.Statfs(e.dir, &st) != nil {
		return 0
	}
	return int64(st.Bavail) * int64(st.Bsize)
}

// natsLog passes what the server has to say on.
type natsLog struct{ log *slog.Logger }

// Noticef implements server.Logger.
func (l natsLog) Noticef(format string, v ...any) { l.log.Debug("nats: " + fmt.Sprintf(format, v...)) }

// Warnf implements server.Logger.
func (l natsLog) Warnf(format string, v ...any) { l.log.Warn("nats: " + fmt.Sprintf(format, v...)) }

// Fatalf implements server.Logger.
func (l natsLog) Fatalf(format string, v ...any) { l.log.Error("nats: " + fmt.Sprintf(format, v...)) }

// Errorf implements server.Logger.
func (l natsLog) Errorf(format string, v ...any) { l.log.Error("nats: " + fmt.Sprintf(format, v...)) }

// Debugf implements server.Logger.
func (l natsLog) Debugf(string, ...any) {}

// Tracef implements server.Logger.
func (l natsLog) Tracef(string, ...any) {}
