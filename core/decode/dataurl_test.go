package decode

import (
	"strings"
	"testing"
)

type dataURLCase struct {
	In, Type, Payload string
	Base64, OK        bool
}

func TestDataURLTable(t *testing.T) {
	var cases []dataURLCase
	escLoad(t, "dataurl", &cases)
	for _, c := range cases {
		typ, payload, based, ok := DataURL([]byte(c.In))
		if string(typ) != c.Type || string(payload) != c.Payload || based != c.Base64 || ok != c.OK {
			t.Errorf("%q gives %q %q %v %v", c.In, typ, payload, based, ok)
		}
	}
}

// Many commas and marks must not make the look-back quadratic; the media type
// is cut at 128 bytes with its mark.
func TestDataURLLong(t *testing.T) {
	src := strings.Repeat("a", 1000) + ";base64,QUJD"
	typ, payload, _, ok := DataURL([]byte(src))
	if len(typ) != 128-len(";base64") || string(payload) != "QUJD" || !ok {
		t.Errorf("%d bytes of type, payload %q, %v", len(typ), payload, ok)
	}
}

func BenchmarkDataURL(b *testing.B) {
	src := []byte(strings.Repeat("GET the quick brown fox, ", 40))
	b.SetBytes(int64(len(src)))
	for i := 0; i < b.N; i++ {
		DataURL(src)
	}
}
