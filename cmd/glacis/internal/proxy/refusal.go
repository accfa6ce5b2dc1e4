package proxy

import (
	"io"
	"net/http"
	"strings"

	"github.com/glacis-waf/glacis/gateway"
)

// refuse answers with the page or the problem that all wrappers give.
func refuse(w http.ResponseWriter, r *http.Request, status int, idHeader, id string) {
	send(w, r, gateway.Answer(status, strings.Join(r.Header.Values("Accept"), ","), id), idHeader, id)
}

// send sends an answer of the proxy's own.
func send(w http.ResponseWriter, r *http.Request, answer gateway.Refusal, idHeader, id string) {
	for _, h := range answer.Headers {
		w.Header().Set(h.Name, h.Value)
	}
	w.Header().Set(idHeader, id)
	w.WriteHeader(answer.Status)
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, answer.Body) // a client that has gone needs no answer
	}
}
