package conformance

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// proxyTarget is the program "glacis proxy", built from this tree.
type proxyTarget struct{}

func (proxyTarget) Name() string { return "glacis/proxy" }

func (proxyTarget) Deviations() []Deviation { return nil }

func (proxyTarget) Start(t testing.TB, backend string) Instance { return startProxy(t, backend) }

// StartUnder implements Ruled.
func (proxyTarget) StartUnder(t testing.TB, backend string, p *Policy) Instance {
	file := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(file, p.YAML, 0o600); err != nil {
		t.Fatal(err)
	}
	return startProxy(t, backend, "--policy", file)
}

func startProxy(t testing.TB, backend string, more ...string) Instance {
	binary := filepath.Join(t.TempDir(), "glacis")
	build := exec.Command("go", "build", "-o", binary, "github.com/glacis-waf/glacis/cmd/glacis")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build glacis: %v\n%s", err, out)
	}
	args := []string{"proxy", "--upstream", "http://" + backend, "--listen", "127.0.0.1:0", "--metrics-listen", "", "--log", "all"}
	cmd := exec.Command(binary, append(args, more...)...)
	events := NewEvents()
	cmd.Stdout = events
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	listening := make(chan string, 1)
	read := make(chan struct{})
	go func() {
		defer close(read)
		awaitProxy(log, listening)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt) // it may have ended already
		<-read
		_ = cmd.Wait()
	})
	select {
	case address := <-listening:
		return HTTP(address, events)
	case <-read:
		t.Fatal("glacis proxy ended at once")
	case <-time.After(time.Minute):
		t.Fatal("glacis proxy does not listen")
	}
	return nil
}

// awaitProxy reads diagnostics and tells where the proxy listens.
func awaitProxy(log io.Reader, listening chan<- string) {
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		var r struct{ Msg, Listen string }
		if json.Unmarshal(lines.Bytes(), &r) == nil && r.Msg == "listening" {
			listening <- r.Listen
		}
	}
}

func TestConformanceProxy(t *testing.T) { Run(t, proxyTarget{}) }
