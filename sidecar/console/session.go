package console

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"sync"
	"time"
)

// The bounds of sessions. One ends when it was not used for a while, and after
// a working day at the latest.
const (
	sessionIdle = 30 * time.Minute
	sessionLife = 8 * time.Hour
	maxSessions = 256
)

// cookieName is the name of the session's cookie.
const cookieName = "glacis_console"

// session is one signed-in browser.
type session struct {
	// who signed in, for the audit trail.
	who string
	// secret stands in every form.
	secret string

	began time.Time
	used  time.Time // guarded by sessions.mu
	note  *note     // for the next page; guarded by sessions.mu
}

// note says what became of a form.
type note struct {
	Text string
	Bad  bool
}

// sessions are kept in memory, under the hash of their cookie: who reads the
// memory of a crashed process has no cookie. It is safe for concurrent use.
type sessions struct {
	mu  sync.Mutex
	now func() time.Time
	all map[[sha256.Size]byte]*session
}

func newSessions(now func() time.Time) *sessions {
	return &sessions{now: now, all: make(map[[sha256.Size]byte]*session)}
}

// secret returns 256 random bits as text.
func secret() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// begin makes a session and returns its cookie. When there are too many, the one
// that was not used for longest ends.
func (s *sessions) begin(who string, secure bool) *http.Cookie {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	if len(s.all) >= maxSessions {
		s.dropOldest()
	}
	id, now := secret(), s.now()
	s.all[sha256.Sum256([]byte(id))] = &session{who: who, secret: secret(), began: now, used: now}
	return &http.Cookie{Name: cookieName, Value: id, Path: Root, MaxAge: int(sessionLife / time.Second), HttpOnly: true, Secure: secure, SameSite: http.SameSiteStrictMode}
}

// of returns the session of a request, nil if it has none.
func (s *sessions) of(r *http.Request) *session {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := sha256.Sum256([]byte(cookie.Value))
	found := s.all[key]
	if found == nil {
		return nil
	}
	if s.over(found) {
		delete(s.all, key)
		return nil
	}
	found.used = s.now()
	return found
}

// end ends a session.
func (s *sessions) end(r *http.Request) {
	if cookie, err := r.Cookie(cookieName); err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.all, sha256.Sum256([]byte(cookie.Value)))
	}
}

// tell leaves a note for the session's next page.
func (s *sessions) tell(to *session, n note) {
	s.mu.Lock()
	defer s.mu.Unlock()
	to.note = &n
}

// told takes the note.
func (s *sessions) told(of *session) *note {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := of.note
	of.note = nil
	return n
}

func (s *sessions) over(x *session) bool {
	now := s.now()
	return now.Sub(x.used) > sessionIdle || now.Sub(x.began) > sessionLife
}

func (s *sessions) sweep() {
	for key, x := range s.all {
		if s.over(x) {
			delete(s.all, key)
		}
	}
}

func (s *sessions) dropOldest() {
	var oldest [sha256.Size]byte
	var found *session
	for key, x := range s.all {
		if found == nil || x.used.Before(found.used) {
			oldest, found = key, x
		}
	}
	delete(s.all, oldest)
}
