package decode

import (
	"bytes"
	"testing"
)

func TestSplitURI(t *testing.T) {
	var cases []struct {
		In   string
		Form int
		Want []string
	}
	loadJSON(t, "uri.json", &cases)
	for i := range cases {
		k := cases[i]
		u := SplitURI([]byte(k.In))
		got := [][]byte{u.Scheme, u.Authority, u.Path, u.Query, u.Fragment}
		if int(u.Form) != k.Form {
			t.Errorf("%s: form %d, want %d", k.In, int(u.Form), k.Form)
		}
		for j := range got {
			if string(got[j]) != k.Want[j] {
				t.Errorf("%s: part %d = %q, want %q", k.In, j, got[j], k.Want[j])
			}
		}
	}
}

// joinURI appends the parts to dst with their separators: SplitURI's input, but
// with :// for every variant of it.
func joinURI(dst []byte, u *URIParts) []byte {
	switch u.Form {
	case AbsoluteForm:
		dst = append(dst, u.Scheme...)
		dst = append(dst, "://"...)
		dst = append(dst, u.Authority...)
	case OpaqueForm:
		dst = append(dst, u.Scheme...)
		dst = append(dst, ':')
	case AuthorityForm:
		dst = append(dst, u.Authority...)
	}
	dst = append(dst, u.Path...)
	if u.HasQuery {
		dst = append(dst, '?')
		dst = append(dst, u.Query...)
	}
	if u.HasFragment {
		dst = append(dst, '#')
		dst = append(dst, u.Fragment...)
	}
	return dst
}

// checkURI demands that no byte is lost.
func checkURI(t *testing.T, raw []byte) {
	t.Helper()
	u := SplitURI(raw)
	joined := joinURI(nil, &u)
	want := raw
	if u.Form == AbsoluteForm {
		n := len(u.Scheme)
		want = append([]byte{}, raw...)
		want[n+1], want[n+2] = '/', '/'
	}
	if !bytes.Equal(joined, want) {
		t.Fatalf("%q came back as %q", raw, joined)
	}
	var c PathSegments
	var f Field
	text := 0
	c.Window(u.Path, true)
	for c.Next(&f) == Found {
		text += len(f.Value)
		if f.Kind == KindName {
			text += len(f.Name)
		}
	}
	for i := 0; i < len(u.Path); i++ {
		switch u.Path[i] {
		case '/', '\\', ';', '=':
		default:
			text--
		}
	}
	if text < 0 {
		t.Fatalf("segments of %q lack %d bytes", u.Path, -text)
	}
}

func TestSplitURILosesNothing(t *testing.T) {
	for _, s := range []string{"", "?", "#", "//", "///a", "a:", ":80", "http://", "http:/\\x", "http:\\\\h\\p?q#f?#"} {
		checkURI(t, []byte(s))
	}
}

func BenchmarkSplitURI(b *testing.B) {
	in := []byte("/shop/catalog;v=2/items/4711/details.html?sort=price&page=2")
	var c PathSegments
	var f Field
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		u := SplitURI(in)
		c.Window(u.Path, true)
		for c.Next(&f) == Found {
		}
	}
}
