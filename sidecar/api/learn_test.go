package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/glacis-waf/glacis/agent"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/sidecar/batch"
	"github.com/glacis-waf/glacis/sidecar/learn"
	"github.com/glacis-waf/glacis/sidecar/signing"
	"github.com/glacis-waf/glacis/sidecar/store"
)

// school is a real store with its endpoints, and a clock that tests move.
type school struct {
	*testing.T
	handler http.Handler
	ahead   atomic.Int64
	key     *signing.Key
}

func newSchool(t *testing.T) *school {
	t.Helper()
	c := &school{T: t}
	log, start := slog.New(slog.NewTextHandler(io.Discard, nil)), time.Now()
	s, err := store.Open(t.Context(), store.Config{Dir: t.TempDir(), Log: log, Pulse: 20 * time.Millisecond,
		Now: func() time.Time { return start.Add(time.Duration(c.ahead.Load())) },
		Learn: learn.Config{Window: time.Minute, Requests: 40, Sources: 10,
			Assets: []learn.AssetRule{{Name: "shop.test", Host: "shop.test"}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if c.key, err = signing.LoadKey(filepath.Join(t.TempDir(), "key")); err != nil {
		t.Fatal(err)
	}
	l, err := NewLearning(s, c.key)
	if err != nil {
		t.Fatal(err)
	}
	c.handler = New("", l.Routes()...)
	return c
}

// call makes a call and checks it and its answer against the document.
func (c *school) call(method, target, kind, body string, header ...string) *httptest.ResponseRecorder {
	c.Helper()
	doc := document(c.T)
	doc.Servers = nil
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		c.Fatal(err)
	}
	for _, kind := range []string{"application/yaml", batch.MediaType, "application/vnd.glacis.profile", "application/x-ndjson"} {
		openapi3filter.RegisterBodyDecoder(kind, openapi3filter.FileBodyDecoder)
	}
	req := httptest.NewRequest(method, target, strings.NewReader(body))
	req.Header.Set("Content-Type", kind)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	route, params, err := router.FindRoute(req)
	if err != nil {
		c.Fatal(err)
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, req)
	out := (&openapi3filter.ResponseValidationInput{RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route},
		Status: w.Code, Header: w.Header(), Options: &openapi3filter.Options{IncludeResponseStatus: true}}).SetBodyBytes(w.Body.Bytes())
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		c.Errorf("%s %s: %d %.300s: %v", method, target, w.Code, w.Body, err)
	}
	return w
}

// want makes a call that must be answered with a status.
func (c *school) want(status int, method, target, kind, body string, header ...string) *httptest.ResponseRecorder {
	c.Helper()
	w := c.call(method, target, kind, body, header...)
	if w.Code != status {
		c.Fatalf("%s %s: %d %s, want %d", method, target, w.Code, w.Body, status)
	}
	return w
}

// lesson is a batch of observations of a search.
func lesson(n int) string {
	data := batch.Begin(nil, batch.ID{byte(n), 1})
	for i := range 200 {
		o := profile.Observation{Status: 2, Method: []byte("GET"), Host: []byte("shop.test"), Template: []byte("/search"), Source: profile.Mix(uint64(i%40)+1, 9) | 1}
		shape := profile.Shape{Type: profile.Word, Length: 3, Hash: uint32(i)}
		data = batch.AppendRecord(data, profile.AppendRecord(nil, &o, profile.AppendParam(nil, []byte("query.q"), &shape), 1, nil, 0))
	}
	return string(data)
}

// learn teaches for some windows and returns the ETag of the profile.
func (c *school) learn() (etag string) {
	c.Helper()
	generation := uint64(0)
	for n := range 4 {
		c.want(202, "POST", "/v1/observations", batch.MediaType, lesson(n))
		c.ahead.Add(int64(time.Minute))
		for {
			w := c.call("GET", "/v1/profile?wait=1", "", "", "If-None-Match", etag)
			if p, err := profile.Load(w.Body.Bytes()); err == nil && p.Params() == 1 && p.Generation() > generation {
				etag, generation = w.Header().Get("ETag"), p.Generation()+4
				break
			}
		}
	}
	return etag
}

// What the endpoints answer is what the document says, from an empty store to a
// learned application.
func TestLearning(t *testing.T) {
	c := newSchool(t)
	c.want(404, "GET", "/v1/profile", "", "")
	c.learn()
	w := c.want(200, "GET", "/v1/profile", "", "")
	if err := c.key.Public().Verify(w.Body.Bytes(), w.Header().Get(SignatureHeader)); err != nil {
		t.Error(err)
	}
	for try := 0; ; try++ { // a snapshot more may come between two calls
		if w = c.call("GET", "/v1/profile", "", "", "If-None-Match", w.Header().Get("ETag")); w.Code == 304 {
			break
		}
		if w.Code != 200 || try == 20 {
			t.Fatalf("%d with the profile's own tag", w.Code)
		}
	}
	if w.Body.Len() > 0 {
		t.Error("a body with 304")
	}
	c.want(400, "GET", "/v1/profile?wait=1000", "", "")
	if !strings.Contains(c.want(200, "GET", "/v1/profile/key", "", "").Body.String(), c.key.Public().ID()) {
		t.Error("another key")
	}
	if body := c.want(200, "GET", "/v1/learning", "", "").Body.String(); !strings.Contains(body, `"shop.test"`) || !strings.Contains(body, `"level":"settled"`) {
		t.Error(body)
	}
	if body := c.want(200, "GET", "/v1/learning/items?asset=shop.test", "", "").Body.String(); !strings.Contains(body, `"params":["query.q"]`) {
		t.Error(body)
	}
	if body := c.want(200, "GET", "/v1/learning/params?asset=shop.test&method=GET&template=/search", "", "").Body.String(); !strings.Contains(body, `"location":"query.q"`) || !strings.Contains(body, `"types":["word"]`) {
		t.Error(body)
	}
	c.want(400, "GET", "/v1/learning/items", "", "")
	c.want(400, "GET", "/v1/learning/params", "", "")
	c.want(200, "GET", "/v1/learning/suggestions", "", "")
	c.want(200, "GET", "/v1/learning/openapi?asset=shop.test", "", "")
	c.want(422, "GET", "/v1/learning/openapi?asset=nowhere", "", "")
}

// Changes are made, audited, exported and imported.
func TestLearningChanges(t *testing.T) {
	c := newSchool(t)
	c.learn()
	const kind = "application/json"
	c.want(204, "POST", "/v1/learning/decisions", kind, `{"asset":"shop.test","location":"query.q","action":"dismiss","who":"ann","why":"seen"}`)
	c.want(422, "POST", "/v1/learning/decisions", kind, `{"asset":"shop.test","location":"query.q","action":"sing","who":"ann"}`)
	c.want(422, "POST", "/v1/learning/decisions", kind, `{"asset":"shop.test","location":"query.q","action":"revoke"}`)
	c.want(400, "POST", "/v1/learning/decisions", kind, `{"colour":"red"}`)
	c.want(204, "POST", "/v1/learning/decisions", kind, `{"asset":"shop.test","method":"GET","template":"/search","location":"query.q","action":"revoke","who":"ann"}`)
	c.want(204, "POST", "/v1/learning/assets", kind, `{"asset":"shop.test","action":"freeze","who":"bob"}`)
	c.want(422, "POST", "/v1/learning/assets", kind, `{"asset":"nowhere","action":"freeze","who":"bob"}`)
	c.want(400, "POST", "/v1/learning/assets", kind, `{"asset":"shop.test","action":"freeze"}`)
	c.want(400, "POST", "/v1/learning/assets", kind, `{"asset":"shop.test","action":"melt","who":"bob"}`)
	export := c.want(200, "GET", "/v1/learning/export", "", "").Body.String()
	if !strings.Contains(export, "query.q") || !strings.Contains(export, "who: ann") {
		t.Error(export)
	}
	c.want(204, "POST", "/v1/learning/import?who=eve", "application/yaml", export)
	c.want(400, "POST", "/v1/learning/import", "application/yaml", export)
	c.want(400, "POST", "/v1/learning/import?who=eve", "application/yaml", "colour: red")
	c.want(413, "POST", "/v1/learning/import?who=eve", "application/yaml", strings.Repeat("x", maxImport+1))
	if audit := c.want(200, "GET", "/v1/learning/audit", "", "").Body.String(); strings.Count(audit, `"who"`) != 4 || strings.Count(audit, `"evidence":{"sources":`) != 1 || !strings.Contains(audit, "decisions taken over: 2") || !strings.Contains(audit, `"who":"bob","what":"freeze"`) {
		t.Error(audit)
	}
}

func TestObservationsAreChecked(t *testing.T) {
	c := newSchool(t)
	for body, want := range map[string]int{"": 400, "GLO1": 400, strings.Repeat("x", batch.MaxBytes+1): 413,
		string(batch.AppendRecord(batch.Begin(nil, batch.ID{}), []byte("no record"))): 202, lesson(1): 202} {
		if w := c.call("POST", "/v1/observations", batch.MediaType, body); w.Code != want {
			t.Errorf("%.20q: %d %s, want %d", body, w.Code, w.Body, want)
		}
	}
	c.want(415, "POST", "/v1/observations", "text/plain", lesson(2))
}

func TestAgents(t *testing.T) {
	c := newSchool(t)
	const kind = "application/json"
	w := c.want(200, "POST", "/v1/agents", kind, `{"id":"proxy-1","kind":"proxy","version":"1.0.0","mode":"prevent","requests":7,"blocks":2}`)
	var welcome agent.Welcome
	if err := json.Unmarshal(w.Body.Bytes(), &welcome); err != nil || len(welcome.SourceKey) != 32 || welcome.Period != 86400 || welcome.PublicKey != c.key.Public().String() {
		t.Error(welcome, err)
	}
	c.want(200, "POST", "/v1/agents", kind, `{"id":"kong-1","kind":"kong"}`)
	c.want(400, "POST", "/v1/agents", kind, `{"id":"a.b","kind":"kong"}`)
	c.want(400, "POST", "/v1/agents", kind, `{"id":"a"}`)
	c.want(400, "POST", "/v1/agents", kind, fmt.Sprintf(`{"id":"a","kind":%q}`, strings.Repeat("k", 300)))
	var list struct{ Agents []agent.Report }
	if err := json.Unmarshal(c.want(200, "GET", "/v1/agents", "", "").Body.Bytes(), &list); err != nil || len(list.Agents) != 2 || list.Agents[1].Requests != 7 || list.Agents[1].LastSeen.IsZero() {
		t.Errorf("%+v %v", list, err)
	}
}
