package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

func TestHealth(t *testing.T) {
	var asked atomic.Int64
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		switch {
		case r.URL.Path == "/late" && n > 2, r.URL.Path == "/readyz":
		case r.URL.Path == "/moved":
			http.Redirect(w, r, "/broken", http.StatusFound)
		default:
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	server := httptest.NewServer(handler)
	defer server.Close()
	socket := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	onSocket := &http.Server{Handler: handler}
	go onSocket.Serve(l)
	defer onSocket.Close()

	for _, c := range []struct {
		args   string
		status int
		says   string
	}{
		{server.URL, exitOK, ""},
		{"unix:" + socket, exitOK, ""},
		{server.URL + "/moved", exitOK, ""},
		{"--wait 1m " + server.URL + "/late", exitOK, ""},
		{server.URL + "/broken", 1, "503"},
		{"--wait 1ms " + server.URL + "/broken", 1, "503"},
		{"unix:" + socket + "x", 1, "no such file"},
		{"127.0.0.1:80", exitUsage, "neither http://"},
		{"http://", exitUsage, "neither http://"},
		{"a b", exitUsage, ""},
	} {
		asked.Store(0)
		status, stdout, stderr := call("", append([]string{"health"}, strings.Fields(c.args)...)...)
		if status != c.status || stdout != "" || !strings.Contains(stderr, c.says) || (status == exitOK) != (stderr == "") {
			t.Errorf("health %s: status %d, %s%s", c.args, status, stdout, stderr)
		}
	}
}

// TestHealthSidecar asks a real sidecar.
func TestHealthSidecar(t *testing.T) {
	addresses, _ := startSidecar(t)
	if status, _, stderr := call("", "health", "--wait", "1m", "http://"+addresses[0]); status != exitOK {
		t.Errorf("status %d: %s", status, stderr)
	}
}
