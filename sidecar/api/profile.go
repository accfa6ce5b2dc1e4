package api

import (
	"net/http"
	"strconv"
	"time"
)

// SignatureHeader carries the signature of a profile, see signing.Key.Sign.
const SignatureHeader = "Glacis-Signature"

// maxWait is how long a profile may be waited for, in seconds.
const maxWait = 25

// profile answers with the snapshot. With If-None-Match of the one in force and
// ?wait=seconds it waits for another.
func (l *Learning) profile(w http.ResponseWriter, r *http.Request) {
	wait := 0
	if text := r.URL.Query().Get("wait"); text != "" {
		var err error
		if wait, err = strconv.Atoi(text); err != nil || wait < 0 || wait > maxWait {
			Problem(w, http.StatusBadRequest, "wait: want 0 to 25 seconds")
			return
		}
	}
	known := r.Header.Get("If-None-Match")
	data, version, changed := l.store.Snapshot()
	if wait > 0 && (data == nil || known == quoted(version)) {
		select {
		case l.polls <- struct{}{}:
			data, version = l.await(r, changed, time.Duration(wait)*time.Second, known)
			<-l.polls
		default: // too many wait: this one asks again
		}
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if data == nil {
		Problem(w, http.StatusNotFound, "Nothing has been learned yet.")
		return
	}
	h.Set("ETag", quoted(version))
	if known == quoted(version) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "application/vnd.glacis.profile")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set(SignatureHeader, l.key.Sign(data))
	_, _ = w.Write(data) // a client that has gone needs no answer
}

// await waits for another snapshot than the known one.
func (l *Learning) await(r *http.Request, changed <-chan struct{}, wait time.Duration, known string) (data []byte, version string) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		select {
		case <-changed:
		case <-timer.C:
			data, version, _ = l.store.Snapshot()
			return data, version
		case <-r.Context().Done():
			return nil, ""
		}
		if data, version, changed = l.store.Snapshot(); quoted(version) != known {
			return data, version
		}
	}
}

func quoted(version string) string { return `"` + version + `"` }

// publicKey answers with the key that profiles are checked with.
func (l *Learning) publicKey(w http.ResponseWriter, _ *http.Request) {
	JSON(w, map[string]string{"public_key": l.key.Public().String(), "id": l.key.Public().ID()})
}
