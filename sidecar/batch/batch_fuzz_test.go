package batch

import (
	"bytes"
	"testing"

	"github.com/glacis-waf/glacis/core/profile"
)

func TestRoundTrip(t *testing.T) {
	id := ID{1, 2, 3}
	data := Begin(nil, id)
	want := [][]byte{[]byte("one"), {}, bytes.Repeat([]byte("x"), profile.MaxRecord)}
	for _, r := range want {
		data = AppendRecord(data, r)
	}
	got, records, err := Parse(data)
	if err != nil || got != id || len(records) != len(want) {
		t.Fatal(got, len(records), err)
	}
	for i := range want {
		if !bytes.Equal(records[i], want[i]) {
			t.Errorf("record %d: %q", i, records[i])
		}
	}
	for _, bad := range [][]byte{nil, []byte("GLO1"), data[:len(data)-1], append([]byte("GLO2"), data[4:]...),
		AppendRecord(data, make([]byte, profile.MaxRecord+1)), make([]byte, MaxBytes+1)} {
		if _, _, err := Parse(bad); err == nil {
			t.Errorf("%d bytes are a batch", len(bad))
		}
	}
	many := Begin(nil, id)
	for range MaxRecords + 1 {
		many = AppendRecord(many, nil)
	}
	if _, _, err := Parse(many); err == nil {
		t.Error("more records than allowed")
	}
}

// What is read and written again is the same, or was written with longer
// lengths than needed.
func FuzzParse(f *testing.F) {
	f.Add(AppendRecord(Begin(nil, ID{9}), []byte("record")))
	f.Fuzz(func(t *testing.T, data []byte) {
		id, records, err := Parse(data)
		if err != nil {
			return
		}
		again := Begin(nil, id)
		for _, r := range records {
			again = AppendRecord(again, r)
		}
		if len(again) > len(data) {
			t.Fatal("longer than it was")
		}
	})
}
