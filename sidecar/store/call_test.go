package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/sidecar/learn"
)

func status(t *testing.T, s *Store, out *[]learn.AssetStatus) {
	t.Helper()
	err := s.All(t.Context(), &Call{Op: OpStatus}, func(data json.RawMessage) error {
		var part []learn.AssetStatus
		err := json.Unmarshal(data, &part)
		*out = append(*out, part...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Decisions, freezing, export and import go through the stream, outlive a
// restart and can be read again.
func TestChanges(t *testing.T) {
	dir, c := t.TempDir(), newClock()
	s := open(t, undeclared(dir, c))
	for i := range 4 {
		publish(t, s, makeBatch(i, 300, 1))
		closeWindow(t, c, s)
	}
	const asset = "shop0.test"
	d := learn.Decision{Asset: asset, Location: "query.q", Action: learn.Revoke, Who: "ann", When: 5}
	for _, call := range []*Call{{Op: OpDecide, Asset: asset, Decision: &d}, {Op: OpFreeze, Asset: asset, Who: "ann", At: 6}, {Op: OpRelearn, Asset: asset, Who: "bob", At: 7}} {
		if err := s.Do(t.Context(), call, nil); err != nil {
			t.Fatal(call.Op, err)
		}
	}
	var refused *ErrCall
	for _, call := range []*Call{{Op: OpFreeze, Asset: "nowhere"}, {Op: OpDecide, Asset: asset, Decision: &learn.Decision{}}, {Op: "sing"}} {
		if err := s.Do(t.Context(), call, nil); !errors.As(err, &refused) {
			t.Error(call.Op, err)
		}
	}
	s.Close()
	s = open(t, undeclared(dir, c))
	defer s.Close()
	var audit []learn.Entry
	if err := s.Do(t.Context(), &Call{Op: OpAudit, Asset: asset}, &audit); err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, e := range audit {
		said = append(said, e.Who+" "+e.What)
	}
	if got := strings.Join(said, ", "); got != "ann revoke, ann freeze, bob relearn" {
		t.Error(got)
	}
	var x learn.Export
	if err := s.Do(t.Context(), &Call{Op: OpExport, Asset: asset}, &x); err != nil || len(x.Assets) != 1 || len(x.Decisions) != 1 {
		t.Fatal(x, err)
	}
	before := settled(t, s)
	if err := s.Import(t.Context(), &x, "ann", 8); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the import in the snapshot", func() bool { after, _, _ := s.Snapshot(); return !bytes.Equal(before, after) })
	var all []learn.AssetStatus
	if status(t, s, &all); len(all) != 1 || !all[0].Frozen {
		t.Error(all)
	}
}
