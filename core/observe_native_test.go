package core

import (
	"strconv"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/profile"
)

// TestObserveAllocations checks that observing allocates nothing for clean
// requests.
func TestObserveAllocations(t *testing.T) {
	if !poolKeeps() {
		t.Skip("the race detector makes sync.Pool forget")
	}
	e, err := New(Config{Observe: ObserveAll})
	if err != nil {
		t.Fatal(err)
	}
	record := make([]byte, 0, profile.MaxRecord)
	for i, r := range cleanRequests() {
		n := testing.AllocsPerRun(50, func() {
			tx := e.Begin()
			tx.run(r)
			record = tx.AppendObservation(record[:0], 1, 2)
			tx.Close()
		})
		if e.Inspect(r).Confidence != ConfidenceNone {
			t.Logf("request %d is not clean: findings allocate", i)
		} else if n >= 1 || len(record) == 0 {
			t.Errorf("request %d: %v allocations, %d bytes", i, n, len(record))
		}
	}
}

// TestObserveSample checks that one request in n is observed, and every one
// that scored.
func TestObserveSample(t *testing.T) {
	e, err := New(Config{Observe: 4})
	if err != nil {
		t.Fatal(err)
	}
	tx, seen := newTransaction(e, nil), 0
	for i := 0; i < 40; i++ {
		tx.run(&Request{Method: "GET", URI: "/a?q=" + strconv.Itoa(i)})
		if len(tx.AppendObservation(nil, 1, 2)) > 0 {
			seen++
		}
		tx.reset()
	}
	if seen != 10 {
		t.Errorf("%d of 40 requests are observed, not 10", seen)
	}
	for i := 0; i < 8; i++ {
		tx.run(&Request{Method: "GET", URI: "/a?q=1'%20union%20select%20pin%20from%20users--%20"})
		var o profile.Observation
		if err := o.Parse(tx.AppendObservation(nil, 1, 0)); err != nil || len(o.Indicators) == 0 {
			t.Errorf("request %d: %v, %+v", i, err, o)
		}
		tx.reset()
	}
}

// TestProfileChunks checks that with a profile and observation, too, chunks
// make no difference to verdicts and records.
func TestProfileChunks(t *testing.T) {
	root := profile.Root("a")
	node := profile.Endpoint(root, []byte("POST"), []byte("/form"))
	data, err := profile.Encode(&profile.Content{Assets: []profile.Asset{{Name: "a", Host: "*"}},
		Nodes:  []profile.Node{{Key: profile.Mix(root, profile.Hash([]byte("POST")))}, {Key: node, Flags: profile.NodeEndpoint | profile.NodeMature}},
		Params: []profile.Record{{Key: profile.Param(node, []byte("body.form.a")), Flags: profile.RecordMature, Types: 1 << profile.Int, Classes: 1 << 20, Lengths: 3, Sources: 30}}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(Config{Profile: p, Observe: ObserveAll})
	if err != nil {
		t.Fatal(err)
	}
	var body []byte
	for i := 0; i < 30; i++ {
		body = append(body, "a=1' or "+strconv.Itoa(i)+"=1-- &b=<script>x&"...)
	}
	r := &Request{Method: "POST", URI: "/form", Headers: []Header{{"Host", "h"}, {"Content-Type", "application/x-www-form-urlencoded"}}, Body: body}
	whole := e.Inspect(r)
	if len(whole.Findings) == 0 || len(whole.Findings[0].Adjustments) == 0 || whole.Profile == "" {
		t.Fatalf("no adjustment: %+v", whole)
	}
	for _, chunk := range []int{1, 7, 100} {
		tx := e.Begin()
		tx.RequestLine(r.Method, r.URI)
		for _, h := range r.Headers {
			tx.Header(h.Name, h.Value)
		}
		tx.EndHeaders()
		for at := 0; at < len(body); at += chunk {
			tx.Body(body[at:min(at+chunk, len(body))])
		}
		if v := tx.End(); !sameVerdict(&v, &whole) {
			t.Errorf("chunks of %d: %+v, whole %+v", chunk, v, whole)
		}
		tx.Close()
	}
}

// TestObserveCritical checks that a critical finding behind many lesser ones is
// told to the learner, so that it speaks against the company it is in.
func TestObserveCritical(t *testing.T) {
	e, err := New(Config{Observe: ObserveAll})
	if err != nil {
		t.Fatal(err)
	}
	body := ""
	for i := 0; i < 12; i++ {
		body += "a" + strconv.Itoa(i) + "=" + lesser(t, e) + "&"
	}
	tx := newTransaction(e, nil)
	tx.run(&Request{Method: "POST", URI: "/", Body: []byte(body + "b=1'+union+select+pin,name+from+users--+")})
	var o profile.Observation
	if err := o.Parse(tx.AppendObservation(nil, 1, 2)); err != nil {
		t.Fatal(err)
	}
	last := o.Indicators[len(o.Indicators)-1]
	if o.Flags&profile.RecordCritical == 0 || o.Flags&profile.RecordCut == 0 || last.Level != 3 || string(last.Location) != "body.form.b" {
		t.Errorf("flags %x, %d indicators, the last %+v", o.Flags, len(o.Indicators), last)
	}
}

// lesser returns a form value that is a finding and not a critical one, whatever
// the model.
func lesser(t *testing.T, e *Engine) string {
	t.Helper()
	for _, v := range []string{"%7C+cat+/etc/hosts", "../../a", "sleep(5)", "'--", "%60id%60"} {
		c := e.Inspect(&Request{Method: "POST", URI: "/", Body: []byte("a1=" + v + "&b=1&c=2")}).Confidence
		if c == ConfidenceMedium || c == ConfidenceHigh {
			return v
		}
	}
	t.Fatal("none of the values is a lesser finding")
	return ""
}

// TestCrowd checks that familiar findings do not crowd out one that is not
// familiar, before or behind them.
func TestCrowd(t *testing.T) {
	plain, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	const odd = "cat+/etc/hosts"
	alone := plain.Inspect(&Request{Method: "GET", URI: "/?a=" + odd})
	if alone.Action != Block || alone.Confidence == ConfidenceCritical {
		t.Fatalf("the text for this test is not high: %+v", alone)
	}
	root := profile.Root("a")
	node := profile.Endpoint(root, []byte("GET"), []byte("/"))
	known := profile.Record{Key: profile.Param(node, []byte("query.a")), Types: 1 << profile.Phrase, Classes: 1<<27 - 1, Lengths: 1<<16 - 1, Sources: 30, Votes: 20, Windows: 9}
	for _, x := range alone.Findings[0].Tokens {
		known.Familiar = append(known.Familiar, profile.Print(profile.TokenKey(uint8(alone.Family), x.Text)))
	}
	data, err := profile.Encode(&profile.Content{Assets: []profile.Asset{{Name: "a", Host: "*"}},
		Nodes: []profile.Node{{Key: node, Flags: profile.NodeEndpoint}}, Params: []profile.Record{known}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	e := plain.WithProfile(p)
	crowd := strings.Repeat("a="+odd+"&", 20)
	if v := e.Inspect(&Request{Method: "GET", URI: "/?" + crowd}); v.Action == Block && v.Location == "query.a" && len(v.Findings[0].Adjustments) > 0 {
		t.Errorf("familiar findings block: %+v", v)
	}
	for _, uri := range []string{"/?" + crowd + "b=cat+/etc/hosts", "/?b=cat+/etc/hosts&" + crowd} {
		if v := e.Inspect(&Request{Method: "GET", URI: uri}); v.Action != Block {
			t.Errorf("%s passes: %+v", uri, v)
		}
	}
	if v := e.Inspect(&Request{Method: "GET", URI: "/?a=" + odd}); v.Action == Block {
		t.Errorf("a familiar finding blocks: %+v", v)
	}
}
