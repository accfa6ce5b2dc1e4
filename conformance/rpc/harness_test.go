package rpc

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance"
	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
)

// root is the repository.
const root = "../.."

// startSidecar runs a sidecar until the test ends and returns its addresses for
// HTTP and gRPC.
func startSidecar(t testing.TB, settings gateway.Settings, p *conformance.Policy, events io.Writer) (web, calls string) {
	t.Helper()
	var cfg core.Config
	if p != nil {
		cfg.Policy = p.Policy
	}
	engine, err := core.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	service, err := inspection.New(inspection.Config{Engine: engine, Settings: settings, Events: events, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	started := make(chan []string, 1)
	server, err := sidecar.New(sidecar.Config{Service: service, HTTP: []string{"127.0.0.1:0"}, GRPC: []string{"127.0.0.1:0"},
		Log: log, Started: func(a []string) { started <- a }, DrainTimeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		<-done // a gateway that keeps its connection makes this an error
		service.Close()
	})
	select {
	case a := <-started:
		return a[0], a[1]
	case err := <-done:
		done <- err
		t.Fatalf("sidecar: %v", err)
	}
	return "", ""
}

// fetch returns the path of a gateway's binary, installing it if need be.
func fetch(t testing.TB, what ...string) string {
	t.Helper()
	cmd := exec.Command(filepath.Join(root, "tools", "fetch.sh"), what...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 3 {
		t.Skipf("cannot be installed here (tools/fetch.sh %s): %s", strings.Join(what, " "), &said)
	}
	if err != nil {
		t.Fatalf("tools/fetch.sh %s: %v: %s", strings.Join(what, " "), err, &said)
	}
	return strings.TrimSpace(string(out))
}

// configure writes a configuration of deploy/ into dir with other addresses; each
// of them must be there.
func configure(t testing.TB, dir, file string, change map[string]string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "deploy", file))
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for from, to := range change {
		if !strings.Contains(text, from) {
			t.Fatalf("deploy/%s has no %q", file, from)
		}
		text = strings.ReplaceAll(text, from, to)
	}
	path := filepath.Join(dir, filepath.Base(file))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// freePort returns a port that was free a moment ago.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return portOf(l.Addr().String())
}

func portOf(address string) string { return address[strings.LastIndexByte(address, ':')+1:] }

// startTime bounds the time until a gateway answers, on a busy machine.
const startTime = time.Minute

// start runs a gateway until the test ends, once it answers at address with
// anything but notYet.
func start(t testing.TB, address string, notYet int, binary string, args ...string) {
	t.Helper()
	var log logBuffer
	cmd := exec.Command(binary, args...)
	cmd.Stdout, cmd.Stderr, cmd.Dir = &log, &log, t.TempDir()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }() // ends by our signal
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
		}
		if t.Failed() {
			t.Logf("%s logged:\n%s", filepath.Base(binary), log.text())
		}
	})
	for deadline := time.Now().Add(startTime); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		select {
		case <-ended:
			t.Fatalf("%s ended: %s", filepath.Base(binary), log.text())
		default:
		}
		if res, err := http.Get("http://" + address + "/"); err == nil {
			res.Body.Close()
			if res.StatusCode != notYet {
				return
			}
		}
	}
	t.Fatalf("%s does not answer: %s", filepath.Base(binary), log.text())
}

// logBuffer keeps the first 64 KiB of a log.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write implements io.Writer.
func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if room := 64<<10 - l.buf.Len(); room > 0 {
		l.buf.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}

func (l *logBuffer) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
