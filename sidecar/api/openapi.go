package api

import (
	_ "embed" // for the document
	"net/http"
)

//go:embed openapi.yaml
var openAPI []byte

// OpenAPI serves the description of this interface (OpenAPI 3.1).
func OpenAPI() Route {
	return Route{Pattern: "GET /v1/openapi.yaml", Agents: true, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(openAPI) // a client that has gone needs no answer
	})}
}
