package kong

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance"
)

// realTarget is a Kong that runs already, in DB-less mode, with the plugin
// server installed. The suite's route replaces its configuration.
type realTarget struct {
	proxy, admin, events string
}

func (realTarget) Name() string { return "kong/real" }

func (realTarget) Deviations() []conformance.Deviation { return nil }

func (r realTarget) Start(t testing.TB, backend string) conformance.Instance {
	events := conformance.NewEvents()
	log, err := os.Open(r.events)
	if err != nil {
		t.Fatalf("KONG_EVENTS must name the file given to the plugin server's -events: %v", err)
	}
	if _, err := log.Seek(0, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	followed := make(chan struct{})
	go func() { defer close(followed); follow(ctx, log, events) }()
	t.Cleanup(func() { cancel(); <-followed; log.Close() })
	if err := r.configure(backend); err != nil {
		t.Fatalf("configure Kong: %v", err)
	}
	return conformance.HTTP(r.proxy, events)
}

// follow copies what is appended to a file.
func follow(ctx context.Context, from io.Reader, to io.Writer) {
	for ctx.Err() == nil {
		if n, err := io.Copy(to, from); n == 0 || err != nil {
			time.Sleep(10 * time.Millisecond)
		}
	}
}

func (r realTarget) configure(backend string) error {
	host, port, err := net.SplitHostPort(backend)
	if err != nil {
		return err
	}
	var settings any
	if err := json.Unmarshal([]byte(config), &settings); err != nil {
		return err
	}
	type object = map[string]any
	body, err := json.Marshal(object{"_format_version": "3.0",
		"services": []object{{"name": "conformance", "url": "http://" + net.JoinHostPort(host, port),
			"routes": []object{{"name": "conformance", "paths": []string{"/"}, "strip_path": false, "preserve_host": true}}}},
		"plugins": []object{{"name": "glacis", "config": settings}}})
	if err != nil {
		return err
	}
	res, err := http.Post("http://"+r.admin+"/config", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		answer, _ := io.ReadAll(io.LimitReader(res.Body, 4096)) // for the message only
		return fmt.Errorf("%s: %s", res.Status, answer)
	}
	return nil
}
