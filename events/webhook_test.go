package events

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/internal/golden"
)

// delivery is what a webhook's server got.
type delivery struct {
	header http.Header
	body   []byte
	target string
}

// hook starts a server whose answers are given; the last one stays.
func hook(t *testing.T, answers ...func(http.ResponseWriter)) (url string, got func() []delivery) {
	t.Helper()
	var mu sync.Mutex
	var all []delivery
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		all = append(all, delivery{r.Header.Clone(), body, r.RequestURI})
		if len(answers) > 0 {
			answer := answers[0]
			if len(answers) > 1 {
				answers = answers[1:]
			}
			answer(w)
		}
	}))
	t.Cleanup(server.Close)
	return "webhook+" + server.URL, func() []delivery { mu.Lock(); defer mu.Unlock(); return all }
}

func answer(status int, headers ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
	}
}

func TestWebhook(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	put(t, secret, "0123456789abcdef\n")
	url, got := hook(t)
	s := open(t, url+"/in?key=1#secret-file="+secret+"&batch=50")
	write(t, s, sample(t))
	d := got()[0]
	golden.Equal(t, "testdata/webhook.json", string(d.body))
	if d.target != "/in?key=1" || d.header.Get("Content-Type") != "application/json" || len(d.header.Get(HeaderDelivery)) != 32 {
		t.Error(d.target, d.header)
	}
	if err := VerifySignature([]byte("0123456789abcdef"), d.header, d.body, time.Now(), time.Minute); err != nil {
		t.Error(err)
	}
	for want, err := range map[string]error{
		"does not fit":     VerifySignature([]byte("another secret"), d.header, d.body, time.Now(), time.Minute),
		"not fit the body": VerifySignature([]byte("0123456789abcdef"), d.header, d.body[1:], time.Now(), time.Minute),
		"too far":          VerifySignature([]byte("0123456789abcdef"), d.header, d.body, time.Now().Add(time.Hour), time.Minute),
		"no timestamp":     VerifySignature([]byte("0123456789abcdef"), http.Header{}, d.body, time.Now(), time.Minute),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestSign has the example of docs/events.md, computed with openssl dgst.
func TestSign(t *testing.T) {
	const want = "v1=be5b92d1b1b36f4475273ce93cd692415559f127e073a9e4faeb175fc8f3514c"
	if got := Sign([]byte("0123456789abcdef"), "1795341600", []byte("[]\n")); got != want {
		t.Error(got)
	}
}

func TestWebhookAnswers(t *testing.T) {
	for status, temporary := range map[int]bool{400: false, 401: false, 404: false, 301: false, 413: false, 408: true, 429: true, 500: true, 503: true} {
		url, got := hook(t, answer(status, "Retry-After", "7", "Location", "/elsewhere"))
		n, err := open(t, url).Write(t.Context(), sample(t))
		if n != 0 || err == nil || temporary != (refused(err) == 0) || len(got()) != 1 {
			t.Errorf("%d: %d, %v", status, n, err)
		}
		if temporary && later(err) != 7*time.Second {
			t.Errorf("%d: after %v", status, later(err))
		}
	}
	if later(laterError{nil, time.Hour}) != time.Minute {
		t.Error("a server must not stop us for an hour")
	}
}

// Behind a queue: a batch that meets trouble comes again under the same name,
// and nothing is lost.
func TestWebhookComesAgain(t *testing.T) {
	url, got := hook(t, answer(503), answer(429), answer(204))
	sink := open(t, url+"#linger=20ms")
	q := NewQueue(sink, QueueConfig{Backoff: time.Millisecond, Log: quiet()})
	for _, r := range sample(t) {
		q.Send(r)
	}
	eventually(t, "sent", func() bool { return q.Stats().Sent == 4 })
	closeNow(t, q)
	all := got()
	if len(all) < 3 || all[0].header.Get(HeaderDelivery) != all[1].header.Get(HeaderDelivery) || q.Stats().Failed > 0 {
		t.Errorf("%d deliveries, %+v", len(all), q.Stats())
	}
}

// No error shows the address, which may be the secret.
func TestWebhookErrorsKeepTheAddress(t *testing.T) {
	_, err := open(t, "webhook+http://127.0.0.1:1/s3cret?sig=s3cret").Write(t.Context(), sample(t))
	if err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Error(err)
	}
	_, _, err = OpenSink("webhook+http://u:s3cret@[bad/s3cret#x", Environment{})
	if err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Error(err)
	}
}
