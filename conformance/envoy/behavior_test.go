package envoy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/conformance/envoy/host"
)

const attack = "1' UNION SELECT username, password FROM users-- -"

// get and post are requests as Envoy shows them.
func get(path string, more ...string) [][2]string {
	return headers("GET", path, more...)
}

func post(contentType string, more ...string) [][2]string {
	return headers("POST", "/api", append([]string{"content-type", contentType}, more...)...)
}

func headers(method, path string, more ...string) [][2]string {
	h := [][2]string{{":authority", "shop.test"}, {":path", path}, {":method", method}, {":scheme", "http"}, {"x-request-id", "test-1234"}}
	for i := 0; i+1 < len(more); i += 2 {
		h = append(h, [2]string{more[i], more[i+1]})
	}
	return h
}

func begin(t *testing.T, p *host.Plugin) *host.Stream {
	t.Helper()
	s, err := p.Begin()
	must(t, err)
	return s
}

// event returns the last event in the log.
func event(t *testing.T, vm *host.VM) map[string]any {
	t.Helper()
	for i := len(vm.Logs) - 1; i >= 0; i-- {
		var e map[string]any
		if json.Unmarshal([]byte(vm.Logs[i].Text), &e) == nil {
			return e
		}
	}
	t.Fatalf("no event in %v", vm.Logs)
	return nil
}

func TestRefusesInHeaders(t *testing.T) {
	vm, p := plugin(t, "")
	s := begin(t, p)
	must(t, s.Headers(get("/?id="+strings.ReplaceAll(attack, " ", "+"), "accept", "text/html"), true), s.Close())
	if s.Response == nil || s.Response.Status != 403 || s.Response.Details != "glacis_block" || s.Upstream.Headers != nil {
		t.Fatalf("%+v", s)
	}
	answer := fmt.Sprint(s.Response.Headers)
	for _, want := range []string{"[content-type text/html; charset=utf-8]", "[x-request-id test-1234]", "[cache-control no-store]"} {
		if !strings.Contains(answer, want) {
			t.Errorf("%s is not in %s", want, answer)
		}
	}
	e := event(t, vm)
	for key, want := range map[string]any{"event.id": "test-1234", "event.action": "block", "observer.name": "envoy/wasm", "source.ip": "192.0.2.7",
		"http.request.method": "GET", "url.domain": "shop.test", "url.path": "/", "glacis.family": "sqli", "glacis.location": "query.id"} {
		if e[key] != want {
			t.Errorf("%s is %v, want %v", key, e[key], want)
		}
	}
	if vm.Metrics["glacis.requests.block"] != 1 || vm.Metrics["glacis.inspection_us"] != 1 {
		t.Errorf("metrics %v", vm.Metrics)
	}
}

func TestModes(t *testing.T) {
	bad := `{"name":"` + attack + `"}`
	for mode, want := range map[string]string{"prevent": "block", "detect": "detect", "off": ""} {
		vm, p := plugin(t, `{"mode":"`+mode+`","log":"all"}`)
		s := begin(t, p)
		must(t, s.Headers(post("application/json"), false), s.Body([]byte(bad), true), s.Close())
		if blocked := s.Response != nil; blocked != (mode == "prevent") {
			t.Errorf("%s: answer %+v", mode, s.Response)
		}
		if mode != "prevent" && (string(s.Upstream.Body) != bad || !s.Upstream.Ended) {
			t.Errorf("%s: the upstream got %q", mode, s.Upstream.Body)
		}
		if mode == "off" {
			if len(vm.Logs) > 0 {
				t.Errorf("off: %v", vm.Logs)
			}
		} else if e := event(t, vm); e["event.action"] != want || e["glacis.location"] != "body.json.name" {
			t.Errorf("%s: %v", mode, e)
		}
	}
}

// TestHolds checks what the upstream has seen when the verdict turns.
func TestHolds(t *testing.T) {
	for _, hold := range []bool{true, false} {
		_, p := plugin(t, fmt.Sprintf(`{"holdHeaders":%v}`, hold))
		p.HoldsHeaders = hold
		s := begin(t, p)
		body := `{"a":"` + strings.Repeat("x", 9000) + `","b":"` + attack + `"}`
		must(t, s.Headers(post("application/json", "content-length", fmt.Sprint(len(body))), false))
		if passed := s.Upstream.Headers != nil; passed == hold {
			t.Errorf("hold %v: headers passed on: %v", hold, passed)
		}
		must(t, s.Body([]byte(body[:5000]), false), s.Body([]byte(body[5000:]), false), s.Close())
		if s.Response == nil || len(s.Upstream.Body) > 0 {
			t.Errorf("hold %v: answer %v, %d bytes of the body passed on", hold, s.Response, len(s.Upstream.Body))
		}
	}
}

// TestStreams sends honest bodies of many sizes in chunks of many sizes: all
// arrive unchanged, and never is more held than a block.
func TestStreams(t *testing.T) {
	_, p := plugin(t, `{"holdHeaders":true}`)
	p.HoldsHeaders = true
	for _, size := range []int{0, 1, 100, 16384, 32767, 32768, 32769, 100_000, 3_000_000} {
		for _, chunk := range []int{1000, 16384, 65536, 1 << 20} {
			body := bytes.Repeat([]byte("The quick brown fox. "), size/21+1)[:size]
			s := begin(t, p)
			h := post("text/plain")
			if chunk != 16384 {
				h = append(h, [2]string{"content-length", fmt.Sprint(size)})
			}
			must(t, s.Headers(h, false))
			for rest := body; ; {
				n := min(len(rest), chunk)
				must(t, s.Body(rest[:n], n == len(rest)))
				if n == len(rest) {
					break
				}
				rest = rest[n:]
				if held := size - len(rest) - len(s.Upstream.Body); held > 32<<10 {
					t.Fatalf("%d bytes in chunks of %d: %d are held", size, chunk, held)
				}
			}
			must(t, s.Close())
			if s.Response != nil || !bytes.Equal(s.Upstream.Body, body) || !s.Upstream.Ended {
				t.Errorf("%d bytes in chunks of %d: %d arrived, answer %v", size, chunk, len(s.Upstream.Body), s.Response)
			}
		}
	}
}

// TestAttackBehindPadding: an attack far behind what is held back still never
// reaches the upstream as a whole request.
func TestAttackBehindPadding(t *testing.T) {
	_, p := plugin(t, "")
	s := begin(t, p)
	must(t, s.Headers(post("application/json"), false), s.Body([]byte(`{"a":"`), false))
	for range 20 {
		must(t, s.Body(bytes.Repeat([]byte("word "), 4000), false))
	}
	must(t, s.Body([]byte(`","b":"`+attack+`"}`), false), s.Body(nil, true), s.Close())
	if s.Response == nil || s.Response.Status != 403 || s.Upstream.Ended {
		t.Errorf("answer %+v, upstream ended %v", s.Response, s.Upstream.Ended)
	}
}

// TestContentLength: the last byte of an announced length is not passed on
// before the whole is judged, even if the host has not said yet that this is
// the end.
func TestContentLength(t *testing.T) {
	_, p := plugin(t, "")
	body := []byte(`{"a":"` + strings.Repeat("word ", 10_000) + `","b":"` + attack + `"}`)
	s := begin(t, p)
	must(t, s.Headers(post("application/json", "content-length", fmt.Sprint(len(body))), false))
	must(t, s.Body(body[:20_000], false), s.Body(body[20_000:], false), s.Close())
	if s.Response == nil || len(s.Upstream.Body) == len(body) {
		t.Errorf("answer %v, %d bytes passed on", s.Response, len(s.Upstream.Body))
	}
	// trailers behind it are judged too
	s = begin(t, p)
	must(t, s.Headers(post("text/plain", "content-length", "40000"), false), s.Body(bytes.Repeat([]byte("word "), 8000), false))
	must(t, s.Trailers([][2]string{{"x", attack}}), s.Close())
	if s.Response == nil || s.Upstream.Ended {
		t.Errorf("trailers: answer %v", s.Response)
	}
}

func TestTrailers(t *testing.T) {
	for _, c := range []struct {
		body, trailer string
		blocked       bool
	}{{`{"a":1}`, "abc", false}, {`{"a":"` + attack + `"}`, "abc", true}, {`{"a":1}`, attack, true}} {
		_, p := plugin(t, "")
		s := begin(t, p)
		must(t, s.Headers(post("application/json"), false), s.Body([]byte(c.body), false))
		must(t, s.Trailers([][2]string{{"x-sum", c.trailer}}), s.Close())
		if (s.Response != nil) != c.blocked || s.Upstream.Ended == c.blocked {
			t.Errorf("%+v: answer %v", c, s.Response)
		}
	}
}

// TestNeverHeld: streams whose client may wait for an answer are inspected in
// passing.
func TestNeverHeld(t *testing.T) {
	for name, h := range map[string][][2]string{
		"websocket":          get("/ws", "upgrade", "websocket", "connection", "Upgrade"),
		"websocket and body": get("/ws", "upgrade", "websocket", "content-length", "300"),
		"other upgrade":      get("/", "upgrade", "foo", "connection", "upgrade"),
		"connect":            headers("CONNECT", ""),
		"grpc":               post("application/grpc"),
		"connect streaming":  post("application/connect+proto"),
	} {
		_, p := plugin(t, `{"holdHeaders":true}`)
		p.HoldsHeaders = true
		s := begin(t, p)
		must(t, s.Headers(h, false), s.Body([]byte("\x00\x00\x00\x00\x05hello"), false))
		if s.Upstream.Headers == nil || len(s.Upstream.Body) != 10 {
			t.Errorf("%s: held", name)
		}
		must(t, s.Body([]byte(" id="+attack), false), s.Body(nil, true), s.Close())
		tunnel := name == "websocket" || name == "connect"
		if (s.Response != nil) == tunnel {
			t.Errorf("%s: answer %v", name, s.Response)
		}
		if name == "grpc" && (s.Response.GRPC != 7 || strings.Contains(s.Response.Body, "{")) {
			t.Errorf("grpc: %+v", s.Response)
		}
	}
}

func TestRequestID(t *testing.T) {
	for given, kept := range map[string]bool{"abcdef-123": true, "short": false, `x"},{"a":"b`: false, "": false} {
		vm, p := plugin(t, `{"log":"all"}`)
		s := begin(t, p)
		h := headers("GET", "/")
		h[4][1] = given
		if given == "" {
			h = h[:4]
		}
		must(t, s.Headers(h, true), s.Close())
		id, _ := event(t, vm)["event.id"].(string)
		if (id == given) != kept || !kept && len(id) != 32 {
			t.Errorf("%q became %q", given, id)
		}
		if got := fmt.Sprint(s.Upstream.Headers); !strings.Contains(got, "[x-request-id "+id+"]") || strings.Count(got, "x-request-id") != 1 {
			t.Errorf("%q: the upstream got %s", given, got)
		}
	}
}
