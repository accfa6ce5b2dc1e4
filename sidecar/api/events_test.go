package api

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// ask asks for events and returns their ids, the newest first.
func (c *school) events(query string) (ids []string, last, next uint64) {
	c.Helper()
	var list struct {
		Events     []map[string]string
		Last, Next uint64
	}
	if err := json.Unmarshal(c.want(200, "GET", "/v1/events"+query, "", "").Body.Bytes(), &list); err != nil {
		c.Fatal(err)
	}
	for _, e := range list.Events {
		ids = append(ids, e["event.id"])
	}
	return ids, list.Last, list.Next
}

func TestEvents(t *testing.T) {
	c := newSchool(t)
	var lines bytes.Buffer
	for i := range 5 {
		fmt.Fprintf(&lines, "{\"event.id\":\"e%d\",\"event.action\":%q,\"url.path\":\"/shop/%d\"}\n", i, []string{"pass", "block"}[i%2], i)
	}
	c.want(204, "POST", "/v1/events", "application/x-ndjson", lines.String())
	for {
		if ids, _, _ := c.events(""); len(ids) == 5 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	for _, x := range []struct {
		query, want string
		next        uint64
	}{
		{"", "e4 e3 e2 e1 e0", 0},
		{"?action=block", "e3 e1", 0},
		{"?action=block&limit=1", "e3", 4},
		{"?action=block&limit=1&before=4", "e1", 0},
		{"?limit=2", "e4 e3", 4},
		{"?limit=2&before=4", "e2 e1", 2},
		{"?limit=2&before=2", "e0", 0},
		{"?after=3&limit=1", "e4", 5},
		{"?path=op%2F2", "e2", 0},
		{"?path=op%2F2&action=block", "", 0},
		{"?id=e0", "e0", 0},
	} {
		if ids, last, next := c.events(x.query); strings.Join(ids, " ") != x.want || last != 5 || next != x.next {
			t.Errorf("%s: %v, last %d, next %d; want %s, next %d", x.query, ids, last, next, x.want, x.next)
		}
	}
	for _, bad := range []string{"?colour=red", "?limit=0", "?limit=1001", "?after=x", "?before=-1"} {
		c.want(400, "GET", "/v1/events"+bad, "", "")
	}
}

// What is no event is left out and counted; what stands beside it arrives, is
// shown and kept.
func TestEventsOfAgents(t *testing.T) {
	var kept []string
	e := NewEvents(func(line []byte) { kept = append(kept, string(line)) })
	post := func(h http.Handler, body string) int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", "/v1/events", strings.NewReader(body)))
		return w.Code
	}
	h := New("", e.Routes()...)
	long := `{"a":"` + strings.Repeat("x", maxEventBytes) + `"}`
	for _, c := range []struct {
		body   string
		status int
		kept   string
	}{
		{"{\"event.id\":\"1\"}\nno JSON\n" + long + "\r\n\n[]\n {\"event.id\":\"2\"}", 204, `{"event.id":"1"} {"event.id":"2"}`},
		{"no JSON\n", 400, ""},
		{long, 400, ""},
		{"", 204, ""},
		{strings.Repeat("\n", maxEvents+1), 413, ""},
	} {
		kept = nil
		if status := post(h, c.body); status != c.status || strings.Join(kept, " ") != c.kept {
			t.Errorf("%.40q: %d, kept %q", c.body, status, kept)
		}
	}
	if got := e.Counts(); got != (EventCounts{Received: 2, Refused: 5}) {
		t.Errorf("%+v", got)
	}
	kept = nil
	if status := post(New("", e.routes(true)...), `{"event.id":"own"}`); status != 204 || kept != nil {
		t.Error("an event of this process was kept twice:", status, kept)
	}
	e.Show([]byte(`{"event.id":"shown"}`))
	if found, last, _ := e.ring.list(page{limit: 9, match: func([]byte) bool { return true }}); last != 4 || len(found) != 4 || kept != nil {
		t.Errorf("%s %d %q", found, last, kept)
	}
}

// Only so many calls are read at a time.
func TestEventCallsAreBounded(t *testing.T) {
	e := NewEvents(nil)
	for range maxEventsCalled {
		e.slots <- struct{}{}
	}
	w := httptest.NewRecorder()
	New("", e.Routes()...).ServeHTTP(w, httptest.NewRequest("POST", "/v1/events", strings.NewReader("{}")))
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Error(w.Code, w.Body)
	}
}

func TestRingIsBounded(t *testing.T) {
	r := newRing()
	line := binary.AppendUvarint(bytes.Repeat([]byte("x"), 3000), '\n')
	for range 2 * ringEvents {
		r.add(line)
	}
	if r.bytes > ringBytes || len(r.events) > ringEvents || r.last != 2*ringEvents {
		t.Error(r.bytes, len(r.events), r.last)
	}
}
