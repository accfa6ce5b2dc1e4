package models

import (
	"bytes"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
)

// TestPackOpen packs the embedded model and reads it back.
func TestPackOpen(t *testing.T) {
	data := pack(t)
	path := file(t, data)
	m, manifest, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if manifest.Name+" "+manifest.Version != m.Name() || manifest.Type != m.Kind() || manifest.Created != m.Created() ||
		manifest.MinimumEngineVersion != core.Version || !reflect.DeepEqual(manifest.Summary, summary) {
		t.Errorf("%+v", manifest)
	}
	r, err := Verify(path)
	if err != nil {
		t.Fatal(err)
	}
	if r.Golden < 60 || r.Packed != len(data) || len(r.Files) != 4 || r.Engine != core.Version {
		t.Errorf("%+v", r)
	}
}

// TestPackDeterministic checks that the same contents give the same bytes and
// that nothing of this machine gets in.
func TestPackDeterministic(t *testing.T) {
	a, b := pack(t), packNow(t)
	if !bytes.Equal(a, b) {
		t.Error("two archives of the same contents differ")
	}
	// RFC 1952, 2.3: no flags, no time
	if !bytes.Equal(a[3:8], make([]byte, 5)) {
		t.Errorf("gzip header % x", a[:10])
	}
}

func TestPackRefuses(t *testing.T) {
	good := tables(t)
	for _, c := range []struct {
		name string
		c    Contents
		want string
	}{
		{"tables", Contents{Tables: good[:100]}, "not a model file"},
		{"later engine", Contents{Tables: good, MinimumEngineVersion: "999.0.0"}, "needs engine 999.0.0"},
		{"version", Contents{Tables: good, MinimumEngineVersion: "soon"}, "minimum_engine_version"},
		{"licence", Contents{Tables: good, License: strings.Repeat("x", MaxLicense+1)}, LicenseName},
		{"label", Contents{Tables: good, Summary: Summary{Metrics: []Metric{{File: "f", Label: "odd"}}}}, "label"},
		{"rates", Contents{Tables: good, Summary: Summary{Metrics: []Metric{{File: "f", Label: "benign", High: 1}}}}, "rates of f"},
	} {
		var b bytes.Buffer
		err := Pack(&b, &c.c)
		if err == nil || !strings.Contains(err.Error(), c.want) || b.Len() > 0 {
			t.Errorf("%s: %v, %d bytes written", c.name, err, b.Len())
		}
	}
	if err := Pack(failing{}, &Contents{Tables: good}); !errors.Is(err, errDisk) {
		t.Errorf("a failing writer: %v", err)
	}
}

var errDisk = errors.New("disk full")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errDisk }

// TestLicense checks that the models are published under the licence of the
// repository.
func TestLicense(t *testing.T) {
	text, err := os.ReadFile("../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != License {
		t.Error("models/LICENSE differs from LICENSE")
	}
}

// TestOpenRaw reads raw tables, told by their content.
func TestOpenRaw(t *testing.T) {
	path := file(t, tables(t))
	m, manifest, err := Open(path)
	if err != nil || manifest != nil || m.Kind() != TypeBasic {
		t.Fatalf("%v, %v", manifest, err)
	}
	r, err := Verify(path)
	if err != nil || r.Manifest != nil || r.Golden != 0 || len(r.Files) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	e, err := Embedded()
	if err != nil || e.Files[0] != r.Files[0] || e.Model != r.Model {
		t.Fatalf("%+v, %v", e, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	good := tables(t)
	bad := append([]byte(nil), good...)
	bad[len(bad)/2] ^= 1
	for name, data := range map[string][]byte{
		"empty": nil, "text": []byte("hello, world"), "checksum": bad, "truncated": good[:len(good)-1],
		"longer": append(append([]byte(nil), good...), 0),
	} {
		path := file(t, data)
		if _, _, err := Open(path); !errors.Is(err, model.ErrFormat) || !strings.HasPrefix(err.Error(), path+": ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("directory: %v", err)
	}
	if _, _, err := Open("no-such-file"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("absent: %v", err)
	}
	if _, _, err := Open(file(t, make([]byte, MaxFile+1))); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("large: %v", err)
	}
	if _, _, err := Open(file(t, make([]byte, MaxTables+1))); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("large tables: %v", err)
	}
}
