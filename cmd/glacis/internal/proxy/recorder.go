package proxy

import "net/http"

// recorder remembers the status of an answer. Flushing, hijacking and deadlines
// reach the real writer through Unwrap (http.ResponseController).
type recorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter. An upstream's 100 goes no
// further: the server sends its own when the body is read, and that was first.
func (r *recorder) WriteHeader(status int) {
	if status == http.StatusContinue {
		return
	}
	if r.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap serves http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
