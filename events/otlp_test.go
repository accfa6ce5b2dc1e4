package events

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	collogs "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/glacis-waf/glacis/internal/golden"
)

// TestOTLP sends to a receiver that reads the request by the published types.
func TestOTLP(t *testing.T) {
	var got collogs.ExportLogsServiceRequest
	var path, token string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = proto.Unmarshal(body, &got)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
		path, token = r.URL.Path, r.Header.Get("Authorization")
	}))
	defer server.Close()
	file := filepath.Join(t.TempDir(), "token")
	put(t, file, "s3cret\n")
	write(t, open(t, "otlp+"+server.URL+"#token-file="+file), sample(t))
	if path != "/v1/logs" || token != "Bearer s3cret" {
		t.Error(path, token)
	}
	for _, r := range got.ResourceLogs[0].ScopeLogs[0].LogRecords {
		r.ObservedTimeUnixNano = 0
	}
	raw, err := protojson.Marshal(&got)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer // protojson varies its white space on purpose
	if err := json.Indent(&out, raw, "", " "); err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, "testdata/otlp.json", out.String()+"\n")
}

// Trouble may pass; lines that are no events are given up one by one.
func TestOTLPFailures(t *testing.T) {
	status, records := http.StatusServiceUnavailable, 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var got collogs.ExportLogsServiceRequest
		body, err := io.ReadAll(r.Body)
		if err != nil || proto.Unmarshal(body, &got) != nil {
			t.Error("unreadable")
		}
		records = len(got.ResourceLogs[0].ScopeLogs[0].LogRecords)
		w.WriteHeader(status)
	}))
	defer server.Close()
	s := open(t, "otlp+"+server.URL+"/custom")
	if n, err := s.Write(t.Context(), sample(t)); n != 0 || err == nil || refused(err) != 0 {
		t.Error(n, err)
	}
	status = http.StatusOK
	batch := append(sample(t)[:2:2], Record{Line: []byte("[")}, sample(t)[0])
	if n, err := s.Write(t.Context(), batch); n != 2 || err != nil || records != 2 {
		t.Error(n, err, records)
	}
	if n, err := s.Write(t.Context(), batch[2:]); n != 0 || refused(err) != 1 {
		t.Error(n, err)
	}
}
