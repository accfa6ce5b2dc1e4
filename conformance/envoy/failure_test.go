package envoy

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/conformance/envoy/host"
)

// TestMalformedMaps gives the guest header maps as a broken host would. It never
// traps, and does what its fail mode says.
func TestMalformedMaps(t *testing.T) {
	for _, mode := range []string{"open", "closed"} {
		vm, p := plugin(t, `{"failMode":"`+mode+`"}`)
		r := rand.New(rand.NewPCG(5, 6))
		for i := range 3000 {
			vm.Logs = nil
			broken := false
			vm.Corrupt = func(function string, result []byte) ([]byte, int32) {
				if function != "proxy_get_header_map_pairs" {
					return result, 0
				}
				b := bytes.Clone(result)
				switch i % 4 {
				case 0:
					b = b[:r.IntN(len(b))]
				case 1:
					binary.LittleEndian.PutUint32(b[4*r.IntN(5):], r.Uint32())
				case 2:
					b[r.IntN(len(b))] ^= byte(1 << r.IntN(8))
				case 3:
					broken = true
					return nil, 10
				}
				return b, 0
			}
			s := begin(t, p)
			must(t, s.Headers(get("/items", "accept", "*/*"), true), s.Close())
			if broken && (s.Response != nil) != (mode == "closed") {
				t.Fatalf("%s: answer %+v", mode, s.Response)
			}
			if broken && mode == "closed" && s.Response.Status != 503 {
				t.Fatalf("status %d", s.Response.Status)
			}
		}
		if vm.Metrics["glacis.faults.host"] < 750 || vm.Metrics["glacis.faults.panic"] != 0 {
			t.Errorf("%s: metrics %v", mode, vm.Metrics)
		}
	}
}

// TestHostKeepsBody: a host that does not hand a body over.
func TestHostKeepsBody(t *testing.T) {
	for mode, status := range map[string]int{"open": 0, "closed": 503} {
		vm, p := plugin(t, `{"failMode":"`+mode+`"}`)
		vm.Corrupt = func(function string, result []byte) ([]byte, int32) {
			if function == "proxy_get_buffer_bytes" {
				return result[:len(result)/2], 0
			}
			return result, 0
		}
		s := begin(t, p)
		must(t, s.Headers(post("application/json"), false), s.Body([]byte(`{"a":1}`), true), s.Close())
		if got := answer(s); got != status {
			t.Errorf("%s: answer %d", mode, got)
		}
		if e := event(t, vm); e["glacis.fault"] != "body" || e["event.action"] != "fail_"+mode {
			t.Errorf("%s: %v", mode, e)
		}
	}
}

func answer(s *host.Stream) int {
	if s.Response == nil {
		return 0
	}
	return s.Response.Status
}

// TestBusy opens more uploads than one VM may inspect at a time.
func TestBusy(t *testing.T) {
	vm, p := plugin(t, `{"maxInspections":10}`)
	var open []*host.Stream
	for range 15 {
		s := begin(t, p)
		must(t, s.Headers(post("application/json"), false))
		open = append(open, s)
	}
	if vm.Metrics["glacis.faults.busy"] != 5 || vm.Metrics["glacis.requests.fail_open"] != 5 {
		t.Errorf("metrics %v", vm.Metrics)
	}
	for _, s := range open {
		must(t, s.Close())
	}
	s := begin(t, p)
	must(t, s.Headers(post("application/json"), false), s.Body([]byte(`{"a":"`+attack+`"}`), true), s.Close())
	if answer(s) != 403 {
		t.Error("the room of ended streams is not used again")
	}
}

// TestBrokenOff: the client leaves amid its body.
func TestBrokenOff(t *testing.T) {
	vm, p := plugin(t, `{"log":"all"}`)
	s := begin(t, p)
	must(t, s.Headers(post("application/json", "content-length", "100"), false), s.Body([]byte(`{"a":"`+attack+`"}`), false), s.Close())
	if e := event(t, vm); e["event.action"] != "block" || len(s.Upstream.Body) > 0 {
		t.Errorf("%v; upstream %q", e, s.Upstream.Body)
	}
	s = begin(t, p) // of unknown length: a part has gone to the upstream
	must(t, s.Headers(post("application/json"), false), s.Body([]byte(`{"a":"`+attack+`"}`), false), s.Close())
	if e := event(t, vm); e["event.action"] != "detect" || len(s.Upstream.Body) == 0 {
		t.Errorf("%v; upstream %q", e, s.Upstream.Body)
	}
}

// TestBodyLimit: what is longer than maxBodyBytes passes and is counted.
func TestBodyLimit(t *testing.T) {
	vm, p := plugin(t, `{"maxBodyBytes":20000,"log":"all"}`)
	s := begin(t, p)
	must(t, s.Headers(post("text/plain"), false))
	for range 10 {
		must(t, s.Body(bytes.Repeat([]byte("word "), 2000), false))
	}
	must(t, s.Body(nil, true), s.Close())
	if e := event(t, vm); e["glacis.uninspected_bytes"] != 80000.0 || len(s.Upstream.Body) != 100_000 {
		t.Errorf("%v; %d bytes arrived", e, len(s.Upstream.Body))
	}
	if vm.Metrics["glacis.uninspected_bytes"] != 80000 {
		t.Errorf("metrics %v", vm.Metrics)
	}
}

func TestConfigurationErrors(t *testing.T) {
	for config, want := range map[string]string{
		"{\n \"mod\": \"detect\"}": `configuration: 2:2: unknown key "mod", did you mean "mode"?`,
		`{"mode":"block"}`:         "configuration: mode: block: want prevent, detect or off",
		`{`:                        "configuration: 1:2: ",
	} {
		vm := newVM(t)
		_, ok, err := vm.Plugin(config)
		must(t, err)
		if ok || len(vm.Logs) != 1 || vm.Logs[0].Level != 5 || !strings.Contains(vm.Logs[0].Text, want) {
			t.Errorf("%s: accepted %v, log %v, want %s", config, ok, vm.Logs, want)
		}
	}
}

// TestReconfigure: a refused configuration leaves the former one in force, and
// a stream keeps that which it began with.
func TestReconfigure(t *testing.T) {
	_, p := plugin(t, "")
	s := begin(t, p)
	must(t, s.Headers(post("application/json"), false))
	if ok, err := p.Configure(`{"mode":"?"}`); ok || err != nil {
		t.Fatalf("%v, %v", ok, err)
	}
	if ok, err := p.Configure(`{"mode":"off"}`); !ok || err != nil {
		t.Fatalf("%v, %v", ok, err)
	}
	must(t, s.Body([]byte(`{"a":"`+attack+`"}`), true), s.Close())
	after := begin(t, p)
	must(t, after.Headers(post("application/json"), false), after.Body([]byte(`{"a":"`+attack+`"}`), true), after.Close())
	if answer(s) != 403 || answer(after) != 0 {
		t.Errorf("answers %d and %d", answer(s), answer(after))
	}
}

// TestSharedVM: two configurations in one VM do not mix.
func TestSharedVM(t *testing.T) {
	vm, prevent := plugin(t, "")
	detect, ok, err := vm.Plugin(`{"mode":"detect","requestIdHeader":"X-Trace"}`)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	for i := range 50 {
		a, b := begin(t, prevent), begin(t, detect)
		must(t, a.Headers(post("application/json"), false), b.Headers(post("application/json"), false))
		body := []byte(fmt.Sprintf(`{"n":%d,"a":"%s"}`, i, attack))
		must(t, b.Body(body, true), a.Body(body, true), a.Close(), b.Close())
		if answer(a) != 403 || answer(b) != 0 {
			t.Fatalf("answers %d and %d", answer(a), answer(b))
		}
	}
}

// TestMemory: a long life costs no memory.
func TestMemory(t *testing.T) {
	vm, p := plugin(t, `{"log":"off"}`)
	run := func(n int) {
		for range n {
			s := begin(t, p)
			must(t, s.Headers(post("application/json", "cookie", "a=b; c=d"), false), s.Body([]byte(`{"name":"Anna","zip":"10115"}`), true), s.Close())
			s = begin(t, p)
			must(t, s.Headers(get("/items?page=2"), true), s.Close())
		}
	}
	run(500)
	before := vm.Memory()
	run(10_000)
	if after := vm.Memory(); after != before {
		t.Errorf("%d bytes became %d", before, after)
	}
}

// TestGarbage floods the plugin with attacks, whose findings are garbage when
// they are over, and checks that ticks have it collected.
func TestGarbage(t *testing.T) {
	vm, p := plugin(t, `{"log":"off"}`)
	run := func() {
		for i := range 5000 {
			s := begin(t, p)
			must(t, s.Headers(get("/?id="+strings.ReplaceAll(attack, " ", "+")), true), s.Close())
			if i%100 == 0 {
				must(t, p.Tick())
			}
		}
	}
	run()
	before := vm.Memory()
	run()
	run()
	if after := vm.Memory(); after > before+4<<20 {
		t.Errorf("%d bytes became %d", before, after)
	}
}
