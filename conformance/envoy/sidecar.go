package envoy

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// Sidecar is a "glacis sidecar" that learns; its address stays the same when it
// is stopped and started again.
type Sidecar struct {
	// Address is where it takes HTTP; Token is what it wants to be told.
	Address, Token string
	binary, dir    string
	child          *process.Process
}

// NewSidecar builds the program and chooses an address; Start starts it.
func NewSidecar(t testing.TB) *Sidecar {
	t.Helper()
	s := &Sidecar{Address: process.Address(t), Token: "a token of this test", dir: t.TempDir()}
	s.binary = process.Build(t, "github.com/glacis-waf/glacis/cmd/glacis")
	if err := os.WriteFile(filepath.Join(s.dir, "token"), []byte(s.Token), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

// Start starts it and waits until it serves. It ends with the test.
func (s *Sidecar) Start(t testing.TB) {
	t.Helper()
	cmd := exec.Command(s.binary, "sidecar", "--http", s.Address, "--grpc", "127.0.0.1:0", "--store", filepath.Join(s.dir, "store"),
		"--token-file", filepath.Join(s.dir, "token"), "--learn-window", "1m", "--learn-requests", "100", "--log-level", "warn")
	var err error
	if s.child, err = process.Start(cmd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Kill)
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	if err := s.child.Await(ctx, func() error { _, err := s.Ask("/readyz"); return err }); err != nil {
		t.Fatalf("start glacis sidecar: %v", err)
	}
}

// Kill ends it with SIGKILL, if it runs.
func (s *Sidecar) Kill() {
	if s.child != nil {
		_ = s.child.Kill()
	}
}

// Ask gets a page.
func (s *Sidecar) Ask(path string) (string, error) { return ask("http://"+s.Address+path, s.Token) }

// Metric returns a counter without labels, 0 when there is none of that name.
func (s *Sidecar) Metric(name string) (float64, error) {
	text, err := s.Ask("/metrics")
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strconv.ParseFloat(strings.TrimSpace(value), 64)
		}
	}
	return 0, err
}

// source is the address of a client in a network of its own.
func source(n int) string { return "10." + strconv.Itoa(n/250) + "." + strconv.Itoa(n%250) + ".7" }
