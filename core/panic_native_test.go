package core

import "testing"

// brittle is a decompressor with a defect.
type brittle struct{}

func (brittle) Write([]byte, func([]byte) bool) error { panic("defect") }
func (brittle) Close(func([]byte) bool) error         { return nil }

// TestPanicNotPooled checks that a transaction that panicked is not used again,
// even if the host closes it.
func TestPanicNotPooled(t *testing.T) {
	e, err := New(Config{Decompressors: map[string]NewDecompressor{"br": func() Decompressor { return brittle{} }}})
	if err != nil {
		t.Fatal(err)
	}
	broken := e.Begin()
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the defect did not show")
			}
		}()
		broken.RequestLine("POST", "/")
		broken.Header("Content-Encoding", "br")
		broken.Body(make([]byte, 64<<10))
	}()
	broken.Close()
	for range 100 {
		next := e.Begin()
		if next == broken {
			t.Fatal("a broken transaction came back from the pool")
		}
		defer next.Close()
	}
	sound := e.Begin()
	sound.End()
	sound.Close()
	if sound.inside != 0 {
		t.Errorf("%d calls are under way after End", sound.inside)
	}
}
