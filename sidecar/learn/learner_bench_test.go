package learn

import (
	"encoding/binary"
	"math/rand/v2"
	"strconv"
	"testing"
)

// BenchmarkApply times one observation record of a known endpoint with three
// parameters' worth of traffic, in batches of 500.
func BenchmarkApply(b *testing.B) {
	l, err := New(Config{Assets: []AssetRule{{Name: "shop", Host: "*"}}})
	if err != nil {
		b.Fatal(err)
	}
	s := &site{l: l, now: 20000 * day}
	l.Advance(s.now)
	r := rand.New(rand.NewPCG(1, 1))
	var batch Batch
	for i := range 500 {
		batch.Records = append(batch.Records, s.record(request{address: user(r.IntN(200)), path: "/area" + string(rune('a'+i%20)) + "/page/" + strconv.Itoa(i), param: "q", value: "red shoes"}))
	}
	l.Apply(&batch)
	s.tick()
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i += len(batch.Records) {
		binary.LittleEndian.PutUint64(batch.ID[:], uint64(i))
		l.Apply(&batch)
	}
}
