package core

import (
	"testing"

	"github.com/glacis-waf/glacis/core/profile"
)

// weakEngine has a profile in which q of GET /find is a number, or anything.
func weakEngine(t *testing.T, types uint32, observe int) *Engine {
	t.Helper()
	root := profile.Root("a")
	node := profile.Endpoint(root, []byte("GET"), []byte("/find"))
	q := profile.Record{Key: profile.Param(node, []byte("query.q")), Flags: profile.RecordMature, Types: types, Classes: types, Lengths: 1<<16 - 1, Sources: 30}
	data, err := profile.Encode(&profile.Content{Assets: []profile.Asset{{Name: "a", Host: "*"}},
		Nodes: []profile.Node{{Key: profile.Mix(root, profile.Hash([]byte("GET")))}, {Key: node, Flags: profile.NodeEndpoint}}, Params: []profile.Record{q}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(Config{Profile: p, Observe: observe})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// weakRequest is one whose query scores, but reaches no level.
func weakRequest(t *testing.T) *Request {
	t.Helper()
	plain, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"a|b", "a;b", "x||y", "id>5", "name='lamp'", "$(a)", "../a", "<b>lamp", "a&&b", "sort(a)", "{a}", "a=b;c", "'a' or b"} {
		r := &Request{Method: "GET", URI: "/find?q=" + q, Headers: []Header{{"Host", "shop.test"}}}
		if v := plain.Inspect(r); v.Confidence == ConfidenceNone && v.Score >= profile.WeakScore {
			return r
		}
	}
	t.Skip("the model has no weak evidence in any of the texts")
	return nil
}

// TestWeakRaised checks that weak evidence that breaks a profile becomes a
// finding with its explanation, and else only a score.
func TestWeakRaised(t *testing.T) {
	r := weakRequest(t)
	raised := weakEngine(t, 1<<profile.Int, ObserveOff).Inspect(r)
	if raised.Confidence == ConfidenceNone || len(raised.Findings) != 1 {
		t.Fatalf("not raised: %+v", raised)
	}
	f := raised.Findings[0]
	if f.Location != "query.q" || f.Window == "" || len(f.Tokens) == 0 || len(f.Adjustments) == 0 || f.Score != raised.Score {
		t.Errorf("badly explained: %+v", f)
	}
	usual := weakEngine(t, 1<<27-1, ObserveOff).Inspect(r)
	if usual.Confidence != ConfidenceNone || len(usual.Findings) > 0 || usual.Score >= raised.Score || usual.Score < profile.WeakScore {
		t.Errorf("raised without a reason: %+v", usual)
	}
}

// TestWeakAllocations checks that with a profile and observation neither clean
// requests nor weak evidence allocates.
func TestWeakAllocations(t *testing.T) {
	if !poolKeeps() {
		t.Skip("the race detector makes sync.Pool forget")
	}
	e := weakEngine(t, 1<<27-1, ObserveAll)
	record := make([]byte, 0, profile.MaxRecord)
	for i, r := range append(cleanRequests(), weakRequest(t)) {
		if e.Inspect(r).Confidence != ConfidenceNone {
			t.Logf("request %d is not clean: findings allocate", i)
			continue
		}
		n := testing.AllocsPerRun(50, func() {
			tx := e.Begin()
			tx.run(r)
			record = tx.AppendObservation(record[:0], 1, 2)
			tx.Close()
		})
		if n >= 1 || len(record) == 0 {
			t.Errorf("request %d: %v allocations, %d bytes", i, n, len(record))
		}
	}
}
