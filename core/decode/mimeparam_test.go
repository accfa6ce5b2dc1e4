package decode

import "testing"

// boundaryCase is a content type or a body, and the boundary that it gives.
type boundaryCase struct {
	In  string `json:"in"`
	Out string `json:"out"`
	OK  bool   `json:"ok"`
}

func TestBoundary(t *testing.T) {
	tables := map[string][]boundaryCase{}
	load(t, "boundary.json", &tables)
	for _, tc := range tables["types"] {
		got, ok := Boundary([]byte(tc.In))
		if ok != tc.OK || string(got) != tc.Out {
			t.Errorf("Boundary(%q) is %q, %v", tc.In, got, ok)
		}
	}
	for _, tc := range tables["bodies"] {
		got, ok := SniffBoundary([]byte(tc.In))
		if ok != tc.OK || string(got) != tc.Out {
			t.Errorf("SniffBoundary(%q) is %q, %v", tc.In, got, ok)
		}
	}
}

func TestBoundaryPrefixes(t *testing.T) {
	in := []byte("multipart/form-data; boundary*0*=us-ascii'en'a%62c; boundary*1=\"x\\y\"; b")
	for i := 0; i <= len(in); i++ {
		Boundary(in[:i])
		SniffBoundary(in[:i])
	}
}
