package progress

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

func TestText(t *testing.T) {
	const mib = 1 << 20
	for _, c := range []struct {
		read, total int64
		want        string
	}{
		{10 * mib, 40 * mib, "[=======                       ]  25 %, 5.0 MiB/s, 6s left"},
		{40 * mib, 40 * mib, "[==============================] 100 %, 20.0 MiB/s, 0s left"},
		{50 * mib, 40 * mib, "[==============================] 100 %, 25.0 MiB/s, 0s left"}, // a log that grows
		{0, 40 * mib, "[                              ]   0 %, 0.0 MiB/s, 0s left"},
		{10 * mib, 0, "10.0 MiB, 5.0 MiB/s"},
	} {
		if got := text(c.read, c.total, 2*time.Second); got != c.want {
			t.Errorf("%d of %d: %q, want %q", c.read, c.total, got, c.want)
		}
	}
}

// TestNoTerminal checks that nothing is written where there is no terminal.
func TestNoTerminal(t *testing.T) {
	var out bytes.Buffer
	file, err := os.CreateTemp(t.TempDir(), "out")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, w := range []io.Writer{&out, file} {
		b := New(w, []string{"progress_test.go"})
		b.start = time.Now().Add(-time.Hour)
		if _, err := io.Copy(io.Discard, b.Reader(strings.NewReader("text"))); err != nil {
			t.Fatal(err)
		}
		b.Clear()
		b.Done()
	}
	if info, err := file.Stat(); err != nil || info.Size() != 0 || out.Len() != 0 {
		t.Fatalf("%q was written, %v", out.String(), err)
	}
}

// TestDraw checks what a terminal would get.
func TestDraw(t *testing.T) {
	var out bytes.Buffer
	b := &Bar{out: &out, total: 8, start: time.Now().Add(-2 * time.Second)}
	r := b.Reader(strings.NewReader("12345678"))
	for range 2 { // the second reading comes too soon to be drawn
		if _, err := io.ReadFull(r, make([]byte, 4)); err != nil {
			t.Fatal(err)
		}
	}
	b.Done()
	b.Done()
	if got := out.String(); !strings.HasPrefix(got, erase+"[====") || !strings.Contains(got, " 50 %") || strings.Count(got, erase) != 2 {
		t.Fatalf("%q", got)
	}
}
