package decode

import (
	"bytes"
	"testing"
)

// FuzzPathSegments: names and values, joined, are the path without its
// separators, in its order; none is empty, and no value leads out of its
// segment.
func FuzzPathSegments(f *testing.F) {
	f.Add([]byte("/a;jsessionid=1;b=c=d/..;/\\e=f;=g;h="))
	f.Add([]byte("//;;==/;"))
	f.Fuzz(func(t *testing.T, in []byte) {
		var c PathSegments
		var joined []byte
		var field Field
		c.Window(in, true)
		for n := 0; c.Next(&field) == Found; n++ {
			piece := field.Value
			if field.Kind == KindName {
				piece = field.Name
			}
			if len(piece) == 0 || bytes.ContainsAny(piece, `/\;`) || n > len(in) {
				t.Fatalf("field %d of %q is %q", n, in, piece)
			}
			joined = append(joined, piece...)
			field = Field{}
		}
		if got, want := without(joined, "="), without(in, `/\;=`); !bytes.Equal(got, want) {
			t.Errorf("%q gives %q", in, got)
		}
		if c.Consumed() != len(in) {
			t.Errorf("%d bytes of %q consumed", c.Consumed(), in)
		}
	})
}

// without returns b without the bytes of cut.
func without(b []byte, cut string) []byte {
	var out []byte
	for _, c := range b {
		if bytes.IndexByte([]byte(cut), c) < 0 {
			out = append(out, c)
		}
	}
	return out
}
