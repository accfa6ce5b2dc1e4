package api

import (
	"net/http"

	"github.com/glacis-waf/glacis/events/node"
)

// Status returns the endpoint that says how the sidecar is.
func Status(status func() node.Status) Route {
	return Route{Pattern: "GET /v1/status", Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { JSON(w, status()) })}
}
