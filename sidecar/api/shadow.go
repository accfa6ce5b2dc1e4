package api

import (
	"net/http"

	"github.com/glacis-waf/glacis/models/shadow"
)

// Shadow returns the endpoint that says how the verdicts of a second model
// differ; report is nil if there is none, which is answered with 404.
func Shadow(report func() shadow.Report) Route {
	return Route{Pattern: "GET /v1/model/shadow", Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if report == nil {
			Problem(w, http.StatusNotFound, "There is no shadow model (--shadow-model).")
			return
		}
		JSON(w, report())
	})}
}
