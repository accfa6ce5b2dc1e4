package console

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func with(c *http.Cookie) *http.Request {
	r := httptest.NewRequest("GET", Root, nil)
	r.AddCookie(c)
	return r
}

// TestSessionsEnd moves the clock: a session ends without use, and however much
// it is used.
func TestSessionsEnd(t *testing.T) {
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	s := newSessions(func() time.Time { return now })
	idle, busy := s.begin("Anna", true), s.begin("Bob", true)
	for now = now.Add(sessionIdle / 2); s.of(with(busy)) != nil; now = now.Add(sessionIdle / 2) {
		if at := now.Hour()*60 + now.Minute() - 8*60; at > 45 && s.of(with(idle)) != nil {
			t.Fatal("it goes on without use")
		}
	}
	if now.Sub(time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)).Abs() > sessionIdle {
		t.Errorf("the busy one ended at %v", now)
	}
	if s.of(with(&http.Cookie{Name: cookieName, Value: "made up"})) != nil || s.of(httptest.NewRequest("GET", Root, nil)) != nil {
		t.Error("a session of nobody")
	}
}

// Only so many are kept; the one that was not used for longest goes.
func TestSessionsAreBounded(t *testing.T) {
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	s := newSessions(func() time.Time { return now })
	first, second := s.begin("Anna", true), s.begin("Bob", true)
	for range maxSessions - 2 {
		now = now.Add(time.Second)
		s.begin("Eve", true)
	}
	if s.of(with(first)) == nil {
		t.Fatal("there is room")
	}
	s.begin("Eve", true)
	if len(s.all) != maxSessions || s.of(with(first)) == nil || s.of(with(second)) != nil {
		t.Error(len(s.all))
	}
	now = now.Add(2 * sessionIdle)
	if s.begin("Anna", true); len(s.all) != 1 {
		t.Error("sessions that ended take room:", len(s.all))
	}
}

// A note is shown once.
func TestNotes(t *testing.T) {
	s := newSessions(time.Now)
	x := s.of(with(s.begin("Anna", true)))
	if s.tell(x, note{Text: "done"}); s.told(x).Text != "done" || s.told(x) != nil {
		t.Error("not once")
	}
}
