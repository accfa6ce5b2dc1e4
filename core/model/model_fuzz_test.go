package model

import (
	"testing"

	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
)

// FuzzLoad checks that Load gives an error or a model that scores without a
// panic; the checksum is made right to get behind it.
func FuzzLoad(f *testing.F) {
	good, err := toy(-1).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good[:headSize], uint16(0))
	f.Add([]byte("GLACISM1"), uint16(9))
	f.Add([]byte{8}, uint16(9))
	f.Fuzz(func(t *testing.T, patch []byte, at uint16) {
		if _, err := Load(patch); err == nil {
			t.Error("a model smaller than its tables")
		}
		data := append([]byte(nil), good...)
		copy(data[int(at)%len(data):], patch)
		seal(data)
		m, err := Load(data)
		if (m == nil) == (err == nil) {
			t.Fatalf("model %t, error %v", m != nil, err)
		}
		if err == nil {
			raw := rate(NewScorer(m, 100), "an attack! of "+string(patch), 0)
			if _, score := m.Level(0, raw); score < 0 || score > 100 {
				t.Errorf("score %d", score)
			}
		}
	})
}

// FuzzScore checks on any bytes that nothing panics, that normalized text is
// not longer than the value, and all that checkExplanation does.
func FuzzScore(f *testing.F) {
	var p paddings
	table(f, "padding.json", &p)
	for i := 0; i < len(p.Attacks); i++ {
		f.Add([]byte(p.Attacks[i]), uint32(i))
	}
	m := basicModel(f)
	used := NewScorer(m, 64)
	f.Fuzz(func(t *testing.T, v []byte, flags uint32) {
		if n := len(normalize(nil, nil, v)); n > len(v) {
			t.Errorf("%d symbols of %d bytes", n, len(v))
		}
		checkExplanation(t, used, string(v))
		var h kernel.Hits
		kernel.Scan(v, m.Gate(), &h)
		plain, flagged := used.Score(v, &h, 0), used.Score(v, &h, decode.Flags(flags))
		if plain == Clean && flagged != Clean || plain != Clean && flagged-plain != m.FlagWeight(decode.Flags(flags)) {
			t.Errorf("%d without flags, %d with %x", plain, flagged, flags)
		}
	})
}
