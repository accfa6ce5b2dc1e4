package proxy

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/internal/certtest"
)

// serve runs a server and returns its addresses, a way to stop it and its end.
func serve(t *testing.T, p *Proxy, cfg ServerConfig) (clients, local string, stop context.CancelFunc, ended chan error) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	started := make(chan [2]net.Addr, 1)
	cfg.Listen, cfg.MetricsListen = "127.0.0.1:0", "127.0.0.1:0"
	cfg.Started = func(c, l net.Addr) { started <- [2]net.Addr{c, l} }
	ended = make(chan error, 1)
	go func() { ended <- p.Serve(ctx, cfg) }()
	select {
	case addrs := <-started:
		return addrs[0].String(), addrs[1].String(), stop, ended
	case err := <-ended:
		t.Fatal(err)
		return
	}
}

func get(t *testing.T, client *http.Client, url string) (int, string) {
	t.Helper()
	res, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(body)
}

// fresh opens a new connection for each request.
func fresh() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
}

func TestServeAndDrain(t *testing.T) {
	inside, release := make(chan struct{}), make(chan struct{})
	r := newRig(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/long" {
			close(inside)
			<-release
		}
		io.WriteString(w, "served")
	}, nil)
	clients, local, stop, ended := serve(t, r.proxy, ServerConfig{})
	for path, want := range map[string]string{"/-/healthz": "ok", "/-/readyz": "ready", "/metrics": `glacis_model_info{model="words 1"} 1`} {
		if status, body := get(t, fresh(), "http://"+local+path); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %q", path, status, body)
		}
	}
	if _, body := get(t, fresh(), "http://"+clients+"/-/healthz"); body != "served" {
		t.Errorf("the clients' listener answers for itself: %q", body)
	}
	long := make(chan string, 1)
	go func() {
		_, body := get(t, fresh(), "http://"+clients+"/long")
		long <- body
	}()
	<-inside
	stop()
	eventually(t, "not ready", func() bool { s, _ := get(t, fresh(), "http://"+local+"/-/readyz"); return s == 503 })
	eventually(t, "no new connections", func() bool {
		conn, err := net.Dial("tcp", clients)
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	close(release)
	if body := <-long; body != "served" {
		t.Errorf("the request that was being served got %q", body)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestDrainTimeout(t *testing.T) {
	inside := make(chan struct{})
	r := newRig(t, func(_ http.ResponseWriter, r *http.Request) {
		close(inside)
		<-r.Context().Done()
	}, nil)
	clients, _, stop, ended := serve(t, r.proxy, ServerConfig{DrainTimeout: 20 * time.Millisecond})
	go fresh().Get("http://" + clients + "/")
	<-inside
	stop()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("error %v", err)
	}
}

func TestServeTLS(t *testing.T) {
	r := newRig(t, echo, nil)
	authority := certtest.New(t)
	cert, key := authority.Issue("proxy")
	clients, _, _, _ := serve(t, r.proxy, ServerConfig{TLSCert: cert, TLSKey: key})
	for _, h2 := range []bool{true, false} {
		client := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: h2, TLSClientConfig: authority.Client(false)}}
		res, err := client.Get("https://" + clients + "/?q=EVIL")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if want := map[bool]int{true: 2, false: 1}[h2]; res.StatusCode != 403 || res.ProtoMajor != want {
			t.Errorf("%s %s", res.Proto, res.Status)
		}
	}
}

func TestServeErrors(t *testing.T) {
	r := newRig(t, echo, nil)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for want, cfg := range map[string]ServerConfig{
		"listener":         {Listen: taken.Addr().String()},
		"metrics listener": {Listen: "127.0.0.1:0", MetricsListen: taken.Addr().String()},
		"tls certificate":  {Listen: "127.0.0.1:0", TLSCert: "/nowhere", TLSKey: "/nowhere"},
	} {
		if err := r.proxy.Serve(context.Background(), cfg); err == nil || !strings.HasPrefix(err.Error(), want+":") {
			t.Errorf("want an error about the %s, got %v", want, err)
		}
	}
}

func TestOverlongHeadersAreRefused(t *testing.T) {
	r := newRig(t, echo, nil)
	clients, _, _, _ := serve(t, r.proxy, ServerConfig{})
	req, _ := http.NewRequest("GET", "http://"+clients, nil)
	req.Header.Set("X-Long", strings.Repeat("x", 66<<10))
	if res, err := fresh().Do(req); err == nil {
		res.Body.Close()
		if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Error(res.Status)
		}
	}
	if r.hits() != 0 {
		t.Error("it reached the upstream")
	}
}
