package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/models/shadow"
)

// sampleShadow is a report with something in every member.
func sampleShadow() shadow.Report {
	side := shadow.Side{Model: "advanced 2.0.0", Action: "pass", Score: 40, Confidence: "none", Location: "query.q"}
	r := shadow.Report{Model: "advanced 2.0.0", Sampled: 9, Compared: 4, Partial: 2, Dropped: 2, Failed: 1, Blocks: 1, Passes: 1,
		Differences: []shadow.Difference{{Time: time.Unix(1_790_000_000, 0).UTC(), RequestID: "id-1", Old: side, New: side}}}
	r.Confidence[0][3] = 4
	return r
}

// TestShadow: the report is there for operators, when there is a second model.
func TestShadow(t *testing.T) {
	const agents, operators = "agents-agents-agents", "operators-operators"
	for _, c := range []struct {
		token  string
		report func() shadow.Report
		status int
		want   string
	}{
		{operators, sampleShadow, http.StatusOK, `"passes":1`},
		{agents, sampleShadow, http.StatusForbidden, ""},
		{operators, nil, http.StatusNotFound, "--shadow-model"},
	} {
		req := httptest.NewRequest("GET", "/v1/model/shadow", nil)
		req.Header.Set("Authorization", "Bearer "+c.token)
		w := httptest.NewRecorder()
		NewGuarded(Tokens{Agents: agents, Operators: operators}, Shadow(c.report)).ServeHTTP(w, req)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s: %d %s", c.token, w.Code, w.Body)
		}
	}
}
