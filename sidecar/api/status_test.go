package api

import (
	"encoding/json"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/events"
	"github.com/glacis-waf/glacis/events/metrics"
	"github.com/glacis-waf/glacis/events/node"
)

// sampleStatus has every member.
func sampleStatus() node.Status {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	return node.Status{Kind: node.Sidecar, Version: "1", Host: "node", Started: at, Mode: "prevent", Confidence: "high", Fail: "open",
		Model:  node.Model{Name: "basic 1", Type: "basic", Loaded: at, Error: "unsigned"},
		Policy: node.Policy{Name: "shop@1f0c5e9ab2d4", Loaded: at, Error: "3:1: unknown key", Warnings: 1, Exceptions: []node.Exception{{ID: "search", Applied: 1, State: "needed"}}}, Profile: "17", Updated: at,
		Counts: metrics.Counts{Requests: 1}, Events: []events.Stats{{Name: "stdout", Error: "closed"}}}
}

func TestStatus(t *testing.T) {
	w := httptest.NewRecorder()
	New("", Status(sampleStatus)).ServeHTTP(w, httptest.NewRequest("GET", "/v1/status", nil))
	var got node.Status
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || !reflect.DeepEqual(got, sampleStatus()) {
		t.Errorf("%v: %s", err, w.Body)
	}
}
