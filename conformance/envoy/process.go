package envoy

import (
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
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// Process is a running Envoy.
type Process struct {
	// Address is where it takes HTTP, Admin where its admin interface is.
	Address, Admin string
	// PID is its process id.
	PID int
}

// startTime bounds the time until Envoy is ready; compiling the guest takes some
// seconds of CPU.
const startTime = 2 * time.Minute

// Start starts Envoy as a child that ends with the test. Its log, in which the
// plugin's events stand, goes to log.
func Start(t testing.TB, o Options, log io.Writer) *Process {
	t.Helper()
	binary := process.Installed(t, "envoy", o.Version)
	dir := t.TempDir()
	config, err := configure(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	admin := filepath.Join(dir, "admin")
	cmd := exec.Command(binary, "-c", config, "--concurrency", strconv.Itoa(max(1, o.Workers)),
		"--use-dynamic-base-id", "-l", "info", "--log-format", "%v", "--admin-address-path", admin)
	head := &process.Log{Limit: process.HeadSize}
	cmd.Stderr = io.MultiWriter(head, log)
	child, err := process.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = child.Kill() })
	p := &Process{PID: child.PID()}
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	err = child.Await(ctx, func() error { return p.ready(admin) })
	if err == nil {
		err = p.findListener()
	}
	if err != nil {
		_ = child.Kill()
		t.Fatalf("start Envoy %s: %v; it logged:\n%s", o.Version, err, head)
	}
	return p
}

// ready asks whether Envoy serves, and learns the address of its admin
// interface from the file that it writes.
func (p *Process) ready(adminFile string) error {
	address, err := os.ReadFile(adminFile)
	if err == nil && len(address) == 0 {
		err = errors.New("no admin address yet")
	}
	if err != nil {
		return err
	}
	p.Admin = strings.TrimSpace(string(address))
	text, err := p.Ask("/ready")
	if err == nil && strings.TrimSpace(text) != "LIVE" {
		err = errors.New(text)
	}
	return err
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
func (p *Process) Ask(path string) (string, error) { return ask("http://"+p.Admin+path, "") }

// ask gets a page, with a bearer token unless it is ""; any status but 200 is an
// error beside the text.
func ask(url, token string) (string, error) {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = errors.New(res.Status)
	}
	return string(text), err
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
