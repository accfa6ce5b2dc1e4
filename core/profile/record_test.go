package profile

import "testing"

// TestComplete sets source and answer of a record that was made without them.
func TestComplete(t *testing.T) {
	whole := Observation{Source: 77, Status: 2, Method: []byte("GET"), Host: []byte("shop.test"), Template: []byte("/x")}
	bare := whole
	bare.Source = 0
	bare.Status = 0
	want := string(AppendRecord(nil, &whole, nil, 0, nil, 0))
	record := AppendRecord(nil, &bare, nil, 0, nil, 0)
	Complete(record, 77, 2)
	if string(record) != want {
		t.Errorf("%x, want %x", record, want)
	}
	Complete(record, 77, 6)
	if record[2] != 0 {
		t.Errorf("status %d", record[2])
	}
	short := []byte{RecordVersion, 0, 9}
	Complete(short, 1, 1)
	if short[2] != 9 {
		t.Error("what is no record was changed")
	}
	Complete(nil, 1, 1)
}
