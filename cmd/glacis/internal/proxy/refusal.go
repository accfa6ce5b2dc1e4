package proxy

import (
	"io"
	"net/http"
	"strings"

	"github.com/glacis-waf/glacis/gateway"
)

// refuse answers with the page or the problem that all wrappers give.
func refuse(w http.ResponseWriter, r *http.Request, status int, idHeader, id string) {
	answer := gateway.Answer(status, strings.Join(r.Header.Values("Accept"), ","), id)
	for _, h := range answer.Headers {
		w.Header().Set(h.Name, h.Value)
	}
	w.Header().Set(idHeader, id)
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, answer.Body) // a client that has gone needs no answer
	}
}
