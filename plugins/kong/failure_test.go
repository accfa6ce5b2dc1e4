package kong

import (
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"

	driver "github.com/glacis-waf/glacis/conformance/kong"
)

// eventually waits for what happens after the answer. Its bound only keeps a
// failing test from hanging.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 2000 {
		if done() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("never: %s", what)
}

func TestPanicEndsOneInspection(t *testing.T) {
	for mode, want := range map[string]int{"open": 0, "closed": 503} {
		r := newRig(t, `{"fail_mode":"`+mode+`"}`, Options{})
		r.failing()
		r.wantStatus(want, get("/PANIC", "test-panic-001"))
		if e := r.event("test-panic-001"); e["glacis.fault"] != "panic" || e["event.action"] != "fail_"+mode {
			t.Errorf("event %v", e)
		}
		r.wantStatus(want, post("PANIC"))
		r.wantStatus(403, get(attack, "test-panic-002"))
		if n := r.kong.Retries.Load(); n != 0 {
			t.Errorf("%d connections lost", n)
		}
	}
}

func TestHangIsAnsweredAndTheConnectionGoesOn(t *testing.T) {
	for mode, want := range map[string]int{"open": 0, "closed": 503} {
		r := newRig(t, `{"fail_mode":"`+mode+`","deadline_ms":200}`, Options{})
		w := r.failing()
		r.wantStatus(want, get("/HANG", "test-hang-0001"))
		if e := r.event("test-hang-0001"); e["glacis.fault"] != "timeout" || e["event.action"] != "fail_"+mode || e["url.path"] != "/HANG" {
			t.Errorf("event %v", e)
		}
		r.wantStatus(want, post("HANG"))
		if n := r.server.counters.hung.Load(); n != 2 {
			t.Errorf("%d inspections hang", n)
		}
		if n := r.kong.Retries.Load(); n != 0 {
			t.Errorf("%d connections lost", n)
		}
		close(w.release)
		eventually(t, "no inspection hangs", func() bool { return r.server.counters.hung.Load() == 0 })
		eventually(t, "all slots are free", func() bool { return len(r.server.slots) == 0 })
	}
}

// TestManyHangs: more inspections than may run hang at once; requests are still
// answered, and everything is free again afterwards.
func TestManyHangs(t *testing.T) {
	r := newRig(t, `{"deadline_ms":50}`, Options{})
	w := r.failing()
	n := cap(r.server.slots) + 8
	done := make(chan error, n)
	for range n {
		go func() {
			_, err := r.kong.Access(get("/HANG", "test-many-hang"))
			done <- err
		}()
	}
	for range n {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	close(w.release)
	eventually(t, "no inspection hangs", func() bool { return r.server.counters.hung.Load() == 0 })
	eventually(t, "all slots are free", func() bool { return len(r.server.slots) == 0 })
	eventually(t, "the guard is free", func() bool { return r.access(get(attack, "test-many-0002")).Status == 403 })
}

// TestSlowKong: the replies come late. The event is answered in time, and the
// replies, when they come, are not taken for commands.
func TestSlowKong(t *testing.T) {
	r := newRig(t, `{"deadline_ms":100}`, Options{})
	c, err := driver.Dial(r.socket)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	id, err := c.Start("glacis", driver.WithKeys(`{"deadline_ms":100}`, 1))
	if err != nil {
		t.Fatal(err)
	}
	slow := get("/slow", "test-slow-0001")
	slow.Delay = 300 * time.Millisecond
	if o, err := c.Event(id, "access", slow); err != nil || o.Exit || len(o.Calls) != 5 {
		t.Fatalf("%+v, %v", o, err)
	}
	for range 3 {
		if o, err := c.Event(id, "access", get("/next", "test-slow-0002")); err != nil || len(o.Calls) != 5 {
			t.Fatalf("%+v, %v", o, err)
		}
	}
}

// TestSlowUploadIsNotLate: waiting for the client's body does not count.
func TestSlowUploadIsNotLate(t *testing.T) {
	r := newRig(t, `{"deadline_ms":100,"fail_mode":"closed"}`, Options{})
	q := post("q=1' UNION SELECT username,password FROM users-- ")
	q.BodyDelay = 500 * time.Millisecond
	if o := r.access(q); o.Status != 403 {
		t.Errorf("status %d", o.Status)
	}
}

// TestBrokenConnections: whatever arrives, the server lives.
func TestBrokenConnections(t *testing.T) {
	r := newRig(t, "", Options{})
	frame := func(n uint32, payload string) []byte {
		return append(binary.LittleEndian.AppendUint32(nil, n), payload...)
	}
	for name, sent := range map[string][]byte{
		"nothing":           nil,
		"half a length":     {1, 0},
		"half a frame":      frame(100, "short"),
		"huge length":       frame(1<<32-1, "x"),
		"no message":        frame(4, "\xff\xff\xff\xff"),
		"empty command":     frame(0, ""),
		"unknown command":   frame(5, "\x08\x01\xfa\x01\x00"),
		"unknown instance":  driver.AppendFrame(nil, []byte("\x08\x01\xa2\x02\x0a\x08\x63\x12\x06access")),
		"text, not a frame": []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
	} {
		conn, err := net.Dial("unix", r.socket)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write(sent); err != nil {
			t.Fatal(err)
		}
		if err := conn.(*net.UnixConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(conn); err == nil && len(got) > 0 {
			t.Errorf("%s: answered %x", name, got)
		}
		conn.Close()
	}
	// Dropped after each of the frames of an event.
	for drop := range 14 {
		q := post("a=1")
		q.DropAfter = drop + 1
		c, err := driver.Dial(r.socket)
		if err != nil {
			t.Fatal(err)
		}
		id, err := c.Start("glacis", driver.WithKeys(`{"deadline_ms":30000}`, 1))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Event(id, "access", q) // an error, or not, by where it was dropped
		c.Close()
	}
	r.wantStatus(403, get(attack, "test-alive-001"))
}
