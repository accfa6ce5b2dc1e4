package api

import (
	"bytes"
	"io"
	"net/http"
)

// Local is an http.RoundTripper that calls a handler of this process, for parts
// of it that are clients of the interface like any other. It holds answers in
// memory, so it is for handlers whose answers are bounded.
type Local struct{ Handler http.Handler }

// RoundTrip implements http.RoundTripper.
func (t Local) RoundTrip(req *http.Request) (*http.Response, error) {
	w := &localAnswer{header: http.Header{}}
	in := req.Clone(req.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	in.RequestURI = req.URL.RequestURI()
	t.Handler.ServeHTTP(w, in)
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return &http.Response{StatusCode: w.status, Status: http.StatusText(w.status), Header: w.header, Body: io.NopCloser(&w.body), Request: req,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, ContentLength: int64(w.body.Len())}, nil
}

// localAnswer collects an answer.
type localAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (w *localAnswer) Header() http.Header { return w.header }

// Write implements http.ResponseWriter.
func (w *localAnswer) Write(p []byte) (int, error) { return w.body.Write(p) }

// WriteHeader implements http.ResponseWriter.
func (w *localAnswer) WriteHeader(status int) { w.status = status }
