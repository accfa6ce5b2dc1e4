package learn

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/profile"
)

// TestExport checks that what was learned survives a round trip through YAML:
// imported elsewhere it gives the same profile, and the same export.
func TestExport(t *testing.T) {
	s, r := newSite(t, Config{}), rand.New(rand.NewPCG(1, 4))
	for range 6 {
		s.crowd(r, 400, 40)
		for range 20 {
			s.send(request{address: user(r.IntN(40)), path: "/search", param: "q", value: "x' or 1=1-- ", tokens: payload, level: 2})
			s.send(request{address: user(r.IntN(40)), path: "/items/7", param: "view", value: []string{"full", "short"}[r.IntN(2)]})
		}
		s.tick()
	}
	first := s.l.Export()
	text, err := first.YAML()
	if err != nil {
		t.Fatal(err)
	}
	read, err := ReadExport(text)
	if err != nil {
		t.Fatal(err)
	}
	if d := Diff(first, read); len(d) != 0 {
		t.Errorf("a round trip changes %q", d)
	}
	other := newSite(t, Config{})
	if err := other.l.Import(read, "ci", other.now); err != nil {
		t.Fatal(err)
	}
	if a, b := s.points(2, payload...), other.points(2, payload...); a >= 0 || a != b {
		t.Errorf("%d points, imported %d", a, b)
	}
	// all but generation and time are equal
	a, _ := s.l.Snapshot(1)
	b, _ := other.l.Snapshot(1)
	const content = 12 + 32 + 16
	if !bytes.Equal(a[content:], b[content:]) {
		t.Error("the imported snapshot differs")
	}
	if _, err := profile.Load(b); err != nil {
		t.Error(err)
	}
}

// TestDiff checks the three kinds of lines.
func TestDiff(t *testing.T) {
	a := &Export{Assets: []ExportedAsset{{Name: "s", Params: []ExportedParam{{Location: "gone"}, {Location: "same", Sources: 4}, {Location: "new type", Types: []string{"int"}}}}}}
	b := &Export{Assets: []ExportedAsset{{Name: "s", Params: []ExportedParam{{Location: "same", Sources: 9}, {Location: "new type", Types: []string{"word"}}, {Location: "added"}}}}}
	got := strings.Join(Diff(a, b), "\n")
	if !strings.Contains(got, "- s gone") || !strings.Contains(got, "~ s new type") || !strings.Contains(got, "+ s added") || strings.Contains(got, "same") {
		t.Error(got)
	}
}

// TestReadExportErrors checks that mistakes are reported.
func TestReadExportErrors(t *testing.T) {
	for _, text := range []string{"", "apiVersion: other", "apiVersion: glacis-learned/v1\nassetz: []", "- 1"} {
		if _, err := ReadExport([]byte(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
	s := newSite(t, Config{})
	for _, x := range []*Export{{Assets: []ExportedAsset{{Name: "none"}}}, {Assets: []ExportedAsset{{Name: "shop", Params: []ExportedParam{{Location: "a", Types: []string{"love"}}}}}}} {
		if s.l.Import(x, "x", 0) == nil {
			t.Errorf("%+v was imported", x)
		}
	}
}
