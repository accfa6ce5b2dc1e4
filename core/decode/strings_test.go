package decode

import (
	"bytes"
	"testing"
)

// noise returns n bytes of a fixed xorshift sequence.
func noise(n int) []byte {
	out := make([]byte, n)
	x := uint64(88172645463325252)
	for i := 0; i < n; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		out[i] = byte(x >> 32)
	}
	return out
}

func TestStrings(t *testing.T) {
	runWholeCases(t, "strings.json", &Strings{}, nil)
}

// streamed runs Strings over windows of the given size and joins the pieces of
// partial runs, dropping what they repeat.
func streamed(t *testing.T, in []byte, size int) [][]byte {
	t.Helper()
	var c Strings
	var f Field
	var out [][]byte
	var open []byte
	start, end := 0, 0
	if size < 4*Overlap {
		t.Fatal("window too small")
	}
	for steps := 0; ; steps++ {
		if steps > len(in)+4 {
			t.Fatal("no progress")
		}
		if end = start + size; end > len(in) {
			end = len(in)
		}
		c.Window(in[start:end], end == len(in))
		for {
			f = Field{}
			st := c.Next(&f)
			if st == Done {
				return out
			}
			if st == NeedMore {
				break
			}
			if open != nil {
				open = append(open, f.Value[Overlap:]...)
			} else {
				open = append([]byte{}, f.Value...)
			}
			if !f.Partial {
				out = append(out, open)
				open = nil
			}
		}
		if c.Consumed() == 0 {
			t.Fatal("nothing consumed of a full window")
		}
		start += c.Consumed()
	}
}

// checkStrings compares the streamed runs with the whole run and with a plain
// loop that knows ASCII only.
func checkStrings(t *testing.T, in []byte, size int) {
	t.Helper()
	whole := streamed(t, in, len(in)+4*Overlap)
	parts := streamed(t, in, size)
	if len(whole) != len(parts) {
		t.Fatalf("%d runs whole, %d streamed", len(whole), len(parts))
	}
	for i := range whole {
		if !bytes.Equal(whole[i], parts[i]) {
			t.Fatalf("run %d: %d bytes whole, %d streamed", i, len(whole[i]), len(parts[i]))
		}
	}
	at := 0
	for i := 0; i <= len(in); i++ {
		if i < len(in) && stringsClass[in[i]] == stringsText {
			continue
		}
		if i-at >= MinRun+2 && !within(whole, in[at+1:i-1]) {
			t.Fatalf("run %q missed", in[at:i])
		}
		at = i + 1
	}
}

func within(runs [][]byte, text []byte) bool {
	for i := range runs {
		if bytes.Contains(runs[i], text) {
			return true
		}
	}
	return false
}

func TestStringsStreams(t *testing.T) {
	in := noise(5000)
	text := []byte("select password from users where id = 1")
	for i := 0; i < 60; i++ {
		copy(in[2000+i*len(text):], text)
	}
	for i := 0; i < 30; i++ {
		in[100+2*i], in[101+2*i] = 'w', 0
	}
	checkStrings(t, in, 1024)
	checkStrings(t, in, 1500)
	checkStrings(t, bytes.Repeat([]byte{'a', 0}, 3001), 1025)
	checkStrings(t, bytes.Repeat([]byte("a"), 3001), 1024)
	checkStrings(t, bytes.Repeat([]byte{0}, 3001), 1024)
}

func BenchmarkStringsNoise(b *testing.B) {
	in := noise(1 << 16)
	var c Strings
	var f Field
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		c.Reset()
		c.Window(in, true)
		for c.Next(&f) == Found {
		}
	}
}

// TestStringsLongRuns: after LongRuns short runs of ASCII are left out and
// everything else stays, until Reset.
func TestStringsLongRuns(t *testing.T) {
	const text = "\x01\x02short12\x01\x02nine chars and more\x01\x02\x03w\x00i\x00d\x00e\x00r\x00s\x00\x01\x02"
	for _, long := range []bool{false, true} {
		var c Strings
		c.Reset()
		if long {
			c.LongRuns()
		}
		c.Window([]byte(text), true)
		var f Field
		n := 0
		for c.Next(&f) == Found {
			if len(f.Value) < LongRun && long {
				t.Errorf("%q is short", f.Value)
			}
			n++
		}
		want := 3
		if long {
			want = 2
		}
		if n != want {
			t.Errorf("long %v: %d runs, want %d", long, n, want)
		}
	}
}
