package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/bench"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/replay"
)

func TestExplain(t *testing.T) {
	for _, choose := range [][]string{{"--id", "order"}, {"--line", "3"}} {
		args := append([]string{"explain", "testdata/sample.jsonl"}, choose...)
		status, stdout, stderr := call("", args...)
		if status != exitOK || !strings.HasPrefix(stdout, "POST /api/orders/17  (order)\n") || !strings.Contains(stdout, "body.json.note") {
			t.Errorf("%v: status %d, %s%s", choose, status, stdout, stderr)
		}
	}
	if status, stdout, _ := call("", "explain", "testdata/sample.jsonl"); status != exitOK || !strings.Contains(stdout, "(list)") {
		t.Errorf("the first request is not shown: %s", stdout)
	}
	if status, _, stderr := call("", "explain", "--id", "none", "testdata/sample.jsonl"); status != exitUsage || !strings.Contains(stderr, "no such request") {
		t.Errorf("status %d, %s", status, stderr)
	}
}

func TestBench(t *testing.T) {
	status, stdout, stderr := call("", "bench", "--json", "--passes", "1", "--pass-time", "1ms", "testdata/sample.jsonl")
	var r bench.Report
	if err := json.Unmarshal([]byte(stdout), &r); err != nil || status != exitOK {
		t.Fatalf("status %d, %v: %s", status, err, stderr)
	}
	if len(r.Kinds) != 4 || r.Kinds[0].Kind != "get" || r.Kinds[0].Requests != 3 {
		t.Fatalf("%+v", r.Kinds)
	}
	if status, stdout, _ = call("", "bench", "--passes", "1", "--pass-time", "1ms", "testdata/sample.jsonl"); status != exitOK || !strings.Contains(stdout, "allocs/request") {
		t.Fatalf("status %d: %s", status, stdout)
	}
}

func TestReplay(t *testing.T) {
	status, stdout, stderr := call("", "replay", "--json", "testdata/sample.jsonl")
	var s replay.Summary
	if err := json.Unmarshal([]byte(stdout), &s); err != nil || status != exitOK {
		t.Fatalf("status %d, %v: %s", status, err, stderr)
	}
	blocked := 0
	for _, e := range s.Endpoints {
		blocked += e.Blocked
	}
	if s.Requests != 8 || s.Blocked != blocked {
		t.Fatalf("%s", stdout)
	}
	if status, stdout, _ = call("bad\n", "replay", "--format", "curl"); status != exitMalformed || !strings.HasPrefix(stdout, "0 requests") {
		t.Fatalf("status %d: %s", status, stdout)
	}
}
