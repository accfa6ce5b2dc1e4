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

	"github.com/glacis-waf/glacis/gateway"
)

// proxyTarget is the program "glacis proxy", built from this tree.
type proxyTarget struct{}

func (proxyTarget) Name() string { return "glacis/proxy" }

func (proxyTarget) Deviations() []Deviation { return nil }

func (proxyTarget) Start(t testing.TB, backend string) Instance {
	binary := filepath.Join(t.TempDir(), "glacis")
	build := exec.Command("go", "build", "-o", binary, "github.com/glacis-waf/glacis/cmd/glacis")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build glacis: %v\n%s", err, out)
	}
	cmd := exec.Command(binary, "proxy", "--upstream", "http://"+backend, "--listen", "127.0.0.1:0", "--metrics-listen", "",
		"--log-level", "debug")
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	events := NewEvents()
	listening := make(chan string, 1)
	read := make(chan struct{})
	go func() {
		defer close(read)
		readProxyLog(log, events, listening)
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

// proxyRecord is a record of the proxy's log, whose names are its own.
type proxyRecord struct {
	Msg, Listen string
	RequestID   string `json:"request_id"`
	Action      gateway.Action
	Confidence  string
	Score       int
	Family      string
	Location    string
	Failure     string
	Uninspected int64 `json:"uninspected_bytes"`
}

func readProxyLog(log io.Reader, events *Events, listening chan<- string) {
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		var r proxyRecord
		if json.Unmarshal(lines.Bytes(), &r) != nil {
			continue
		}
		switch r.Msg {
		case "listening":
			listening <- r.Listen
		case "request":
			if r.Action == "reject" { // refused for what it is, not for what it says
				continue
			}
			events.Add(Event{ID: r.RequestID, Action: r.Action, Gateway: "glacis/proxy", Fault: r.Failure, Confidence: r.Confidence,
				Score: r.Score, Family: r.Family, Location: r.Location, Uninspected: r.Uninspected})
		}
	}
}

func TestConformanceProxy(t *testing.T) { Run(t, proxyTarget{}) }
