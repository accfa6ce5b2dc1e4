package proxy

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestPassesWhatIsClean(t *testing.T) {
	r := newRig(t, echo, nil)
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"} {
		if _, got := r.wantStatus(200, method, "/shop?q=1", "hello"); !strings.HasPrefix(got, method+" /shop?q=1 "+r.addr+"\nhello") {
			t.Errorf("%s: upstream got %q", method, got)
		}
	}
}

func TestBlocksBeforeTheUpstreamHears(t *testing.T) {
	r := newRig(t, echo, nil)
	r.wantStatus(403, "GET", "/?q=EVIL", "")
	r.wantStatus(403, "GET", "/", "", "X-Anything", "fine", "X-Anything", "EVIL")
	r.wantStatus(403, "POST", "/", "a=EVIL")
	r.wantStatus(403, "POST", "/", strings.Repeat("x", blockBytes-4)+"EVIL")
	if r.hits() != 0 {
		t.Errorf("%d blocked requests reached the upstream", r.hits())
	}
}

func TestDetectAltersNothing(t *testing.T) {
	r := newRig(t, echo, func(c *Config) { c.Mode, c.Fail, c.MaxBodyBytes = Detect, FailClosed, 2 })
	for _, body := range []string{"EVIL", "PANIC", strings.Repeat("EVIL", 50000), "long"} {
		if _, got := r.wantStatus(200, "POST", "/?q=EVIL", body); !strings.HasSuffix(got, "\n"+body) {
			t.Errorf("body changed: %d bytes became %d", len(body), len(got))
		}
	}
	eventually(t, "detect is logged", func() bool { return strings.Contains(r.events.String(), `"event.action":"detect"`) })
}

// Targets that a URL parser would normalise reach the upstream as they were
// sent, and the engine sees the same.
func TestTargetIsByteIdentical(t *testing.T) {
	r := newRig(t, echo, nil)
	for _, target := range []string{
		"/", "/?", "/a?b?c", "/%2e%2e/%2E%2E//x", "/a/../b/./c", "/%41", `/a"b<c>{d}|e\f^g` + "`", "/caf\xc3\xa9?\xff=1",
		"/a;b=c/d", "/a#b", "/?a=1;b=2&&=&%zz", "/%00", "//double//slash", "/*", "/a+b%20c",
	} {
		answer := r.raw("GET " + target + " HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n")
		if _, body, _ := strings.Cut(answer, "\r\n\r\n"); !strings.Contains(body, "GET "+target+" shop.test\n") {
			t.Errorf("%q came as %q", target, answer)
		}
		if !strings.Contains(r.words.shown(), "GET "+target+"\n") {
			t.Errorf("%q: the engine saw something else", target)
		}
	}
	if got := r.raw("GET http://other.test/x?y HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"); !strings.Contains(got, "GET /x?y other.test\n") {
		t.Errorf("absolute form came as %q", got)
	}
	if got := r.raw("OPTIONS * HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 2") {
		t.Errorf("OPTIONS *: %q", got)
	}
}

func TestEngineSeesEveryHeader(t *testing.T) {
	r := newRig(t, echo, nil)
	r.raw("POST /p HTTP/1.1\r\nhost: shop.test\r\nX-B: 2\r\nx-b: 3\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nConnection: close, x-b\r\n\r\n" +
		"3\r\nabc\r\n0\r\nX-Sum: 9\r\n\r\n")
	want := "POST /p\nHost: shop.test\nConnection: close, x-b\nX-A: 1\nX-B: 2\nX-B: 3\nTransfer-Encoding: chunked\nTrailer: X-Sum\ntrailer X-Sum: 9"
	if got := r.words.shown(); got != want {
		t.Errorf("engine saw\n%s\nwant\n%s", got, want)
	}
}

func TestForwardingHeaders(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, r *http.Request) { json.NewEncoder(w).Encode(r.Header) }, nil)
	_, body := r.wantStatus(200, "GET", "/", "", "X-Forwarded-For", "6.6.6.6", "Forwarded", "for=6.6.6.6", "Connection", "X-Hop", "X-Hop", "1",
		"Proxy-Authorization", "Basic eDp5", "Keep-Alive", "300", "Authorization", "Bearer t", "X-Request-Id", "abc-12345", "User-Agent", "")
	var got http.Header
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": r.addr, "X-Forwarded-Proto": "http",
		"Forwarded": "", "X-Hop": "", "Proxy-Authorization": "", "Keep-Alive": "", "Authorization": "Bearer t", "X-Request-Id": "abc-12345",
		"Via": "1.1 " + r.proxy.via, "User-Agent": "", "Accept-Encoding": "gzip"} {
		if got.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.Get(name), want)
		}
	}
}

func TestHostileRequestIDIsReplaced(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Header.Get("X-Trace")) },
		func(c *Config) { c.RequestIDHeader = "x-trace" })
	for _, id := range []string{"", "short", "has space in it", `<script>"`, strings.Repeat("a", 129)} {
		if _, got := r.wantStatus(200, "GET", "/", "", "X-Trace", id); len(got) != 32 || got == id {
			t.Errorf("id %q became %q", id, got)
		}
	}
}

func TestLoopsAndTunnelsAreRefused(t *testing.T) {
	r := newRig(t, echo, nil)
	r.wantStatus(508, "GET", "/", "", "Via", "1.1 other, 1.1 "+r.proxy.via)
	if got := r.raw("CONNECT db.internal:5432 HTTP/1.1\r\nHost: db.internal:5432\r\nConnection: close\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 405") {
		t.Errorf("CONNECT: %q", got)
	}
	if r.hits() != 0 {
		t.Error("the upstream was asked")
	}
}

func TestUpstreamFailures(t *testing.T) {
	r := newRig(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, nil)
	res, body := r.wantStatus(502, "POST", "/", "x", "Accept", "application/json")
	if res.Header.Get("Content-Type") != "application/problem+json" || strings.Contains(body, "127.0.0.1") {
		t.Errorf("502 says %q", body)
	}
	eventually(t, "the error is logged", func() bool { return strings.Contains(r.logged.String(), "upstream failed") })
}

// An answer that breaks off must not look complete to the client.
func TestBrokenAnswerIsAborted(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "the beginning")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}, nil)
	res, err := http.Get(r.url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got, err := io.ReadAll(res.Body); err == nil || string(got) != "the beginning" {
		t.Errorf("%q, error %v", got, err)
	}
}

func TestUpstreamBasePath(t *testing.T) {
	r := newRig(t, echo, func(c *Config) {
		var err error
		if c.Upstream, err = ParseUpstream(c.Upstream.String() + "/base%2Fpath/"); err != nil {
			t.Fatal(err)
		}
	})
	if _, got := r.wantStatus(200, "GET", "/x//y?z", ""); !strings.HasPrefix(got, "GET /base%2Fpath/x//y?z ") {
		t.Errorf("upstream got %q", got)
	}
}
