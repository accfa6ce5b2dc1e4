package envoy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Process is a running Envoy.
type Process struct {
	// Address is where it takes HTTP, Admin where its admin interface is.
	Address, Admin string
	// PID is its process id.
	PID int
	log *bytes.Buffer
}

// startTime bounds the time until Envoy is ready; compiling the guest takes some
// seconds of CPU.
const startTime = 2 * time.Minute

// installed returns the path of an installed Envoy, installing it if need be.
func installed(t testing.TB, version string) string {
	t.Helper()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(root, "tools", "fetch.sh"), "envoy", version)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 3 {
		t.Skipf("Envoy %s cannot be installed here (tools/fetch.sh envoy %s): %s", version, version, &stderr)
	}
	if err != nil {
		t.Fatalf("tools/fetch.sh envoy %s: %v: %s", version, err, &stderr)
	}
	return strings.TrimSpace(string(out))
}

// Start starts Envoy as a child that ends with the test. Its log, in which the
// plugin's events stand, goes to log.
func Start(t testing.TB, o Options, log io.Writer) *Process {
	t.Helper()
	envoy := installed(t, o.Version)
	dir := t.TempDir()
	config, err := configure(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	admin := filepath.Join(dir, "admin")
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, envoy, "-c", config, "--concurrency", strconv.Itoa(max(1, o.Workers)),
		"--use-dynamic-base-id", "-l", "info", "--log-format", "%v", "--admin-address-path", admin)
	p := &Process{log: new(bytes.Buffer)}
	head := &prefix{buffer: p.log}
	cmd.Stderr = io.MultiWriter(head, log)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }() // ends by our signal
	t.Cleanup(func() { cancel(); <-ended })
	p.PID = cmd.Process.Pid
	if err := p.ready(admin, ended); err != nil {
		cancel()
		<-ended
		t.Fatalf("start Envoy %s: %v; it logged:\n%s", o.Version, err, p.log)
	}
	return p
}

// prefix keeps the first 64 KiB of what is written.
type prefix struct{ buffer *bytes.Buffer }

// Write implements io.Writer.
func (p *prefix) Write(b []byte) (int, error) {
	if room := 64<<10 - p.buffer.Len(); room > 0 {
		p.buffer.Write(b[:min(len(b), room)])
	}
	return len(b), nil
}

// ready waits until Envoy serves, and learns its addresses.
func (p *Process) ready(adminFile string, ended <-chan struct{}) error {
	deadline := time.Now().Add(startTime)
	for time.Now().Before(deadline) {
		select {
		case <-ended:
			return errors.New("it ended")
		case <-time.After(50 * time.Millisecond):
		}
		address, err := os.ReadFile(adminFile)
		if err != nil || len(address) == 0 {
			continue
		}
		p.Admin = strings.TrimSpace(string(address))
		if text, err := p.Ask("/ready"); err == nil && strings.TrimSpace(text) == "LIVE" {
			return p.findListener()
		}
	}
	return errors.New("not ready in time")
}

func (p *Process) findListener() error {
	text, err := p.Ask("/listeners?format=json")
	if err != nil {
		return err
	}
	var list struct {
		Statuses []struct {
			Local struct {
				Socket struct {
					Address string `json:"address"`
					Port    int    `json:"port_value"`
				} `json:"socket_address"`
			} `json:"local_address"`
		} `json:"listener_statuses"`
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil || len(list.Statuses) == 0 {
		return fmt.Errorf("no listener: %s", text)
	}
	s := list.Statuses[0].Local.Socket
	p.Address = s.Address + ":" + strconv.Itoa(s.Port)
	return nil
}

// Ask gets a page of the admin interface.
func (p *Process) Ask(path string) (string, error) {
	r, err := http.Get("http://" + p.Admin + path)
	if err != nil {
		return "", err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err == nil && r.StatusCode != http.StatusOK {
		err = errors.New(r.Status)
	}
	return string(body), err
}

// Stat returns a counter or gauge, 0 when there is none of that name.
func (p *Process) Stat(name string) (int64, error) {
	text, err := p.Ask("/stats?filter=^" + name + "$")
	if err != nil {
		return 0, err
	}
	_, value, ok := strings.Cut(strings.TrimSpace(text), ": ")
	if !ok {
		return 0, nil
	}
	return strconv.ParseInt(value, 10, 64)
}
