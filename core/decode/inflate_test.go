package decode

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"testing"
)

// inflateCase is a stream in hexadecimal, the text that it gives and how it ends.
type inflateCase struct {
	Name, Format, InHex, Out, State string
}

// Every case gives its text and its end, however input and output are cut.
func TestInflate(t *testing.T) {
	formats := map[string]InflateFormat{"auto": InflateAuto, "gzip": InflateGzip, "zlib": InflateZlib, "raw": InflateRaw}
	states := map[string]InflateState{"need input": InflateNeedInput, "done": InflateDone, "corrupt": InflateCorrupt}
	var cases []inflateCase
	loadJSON(t, "inflate.json", &cases)
	for i := range cases {
		c := cases[i]
		format, known := formats[c.Format]
		want, stated := states[c.State]
		if !known || !stated {
			t.Fatalf("%s: no format %q or state %q", c.Name, c.Format, c.State)
		}
		for _, sizes := range [][2]int{{1000, 1000}, {1, 1}, {7, 3}} {
			out, st := inflated(t, format, escUnhex(c.InHex), sizes[0], sizes[1])
			if string(out) != c.Out || st != want {
				t.Errorf("%s, pieces of %d and %d: %q, state %d", c.Name, sizes[0], sizes[1], out, int(st))
			}
		}
	}
	if len(cases) < 10 {
		t.Errorf("only %d cases", len(cases))
	}
}

// inflated runs z over src, in pieces of ins bytes, into pieces of outs bytes.
func inflated(t *testing.T, format InflateFormat, src []byte, ins, outs int) ([]byte, InflateState) {
	t.Helper()
	z := &Inflater{}
	z.Reset(format)
	var out []byte
	dst := make([]byte, outs)
	end := 0
	limit := 4*(len(src)+1) + 2*1100*len(src)/outs + 64
	for steps := 0; ; steps++ {
		if steps > limit {
			t.Fatal("no progress")
		}
		if end == 0 || end < len(src) && end < ins {
			end = ins
		}
		if end > len(src) {
			end = len(src)
		}
		nd, ns, st := z.Inflate(dst, src[:end])
		out = append(out, dst[:nd]...)
		src = src[ns:]
		end -= ns
		if st == InflateCorrupt || len(src) == 0 && st != InflateNeedOutput {
			return out, st
		}
		if st == InflateDone && ns == 0 && nd == 0 {
			return out, st
		}
		if st == InflateNeedInput && end > 0 {
			t.Fatalf("wants input but left %d bytes", end)
		}
	}
}

// deflated compresses in with one of the standard library's writers.
func deflated(t *testing.T, format InflateFormat, in []byte, level int) []byte {
	t.Helper()
	var buf bytes.Buffer
	var w io.WriteCloser
	var err error
	switch format {
	case InflateGzip:
		w, err = gzip.NewWriterLevel(&buf, level)
	case InflateZlib:
		w, err = zlib.NewWriterLevel(&buf, level)
	default:
		w, err = flate.NewWriter(&buf, level)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err = w.Write(in); err != nil {
		t.Fatal(err)
	}
	if err = w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// inflateSample is text with noise and long repeats, n bytes of it.
func inflateSample(n int) []byte {
	var out []byte
	varied := noise(4096)
	for i := 0; len(out) < n; i++ {
		out = append(out, "user=alice&comment=the quick brown fox "...)
		out = append(out, varied[i*13%4000:][:7+i%13]...)
		out = append(out, bytes.Repeat([]byte{'a'}, i%40)...)
	}
	return out[:n]
}

func TestInflateRoundTrip(t *testing.T) {
	in := inflateSample(3000)
	for _, format := range []InflateFormat{InflateGzip, InflateZlib, InflateRaw} {
		for _, level := range []int{0, 1, 9, -2} {
			packed := deflated(t, format, in, level)
			for _, sizes := range [][2]int{{1 << 20, 1 << 16}, {7, 4096}, {100, 300}, {1, 1}} {
				if sizes[0] == 1 && (level != 9 || format != InflateGzip) {
					continue // slow when interpreted; the fuzz target has them all
				}
				out, st := inflated(t, InflateAuto, packed, sizes[0], sizes[1])
				if st != InflateDone || !bytes.Equal(out, in) {
					t.Errorf("format %d level %d sizes %v: state %d, %d bytes", int(format), level, sizes, int(st), len(out))
				}
			}
		}
	}
}

func TestInflateMembersAndRest(t *testing.T) {
	two := append(deflated(t, InflateGzip, []byte("one "), 9), deflated(t, InflateGzip, []byte("two"), 0)...)
	for _, n := range []int{1, 3, 1000} {
		if out, st := inflated(t, InflateAuto, two, n, 100); string(out) != "one two" || st != InflateDone {
			t.Errorf("pieces of %d: %q, state %d", n, out, int(st))
		}
	}
	z := &Inflater{}
	dst := make([]byte, 100)
	rest := append(append([]byte{}, two...), "' or 1=1"...)
	if _, ns, st := z.Inflate(dst, rest); ns != len(two) || st != InflateDone {
		t.Errorf("rest: consumed %d of %d, state %d", ns, len(two), int(st))
	}
}

// What was decoded before the end or a corruption is delivered.
func TestInflateBroken(t *testing.T) {
	in := inflateSample(2000)
	packed := deflated(t, InflateZlib, in, 9)
	out, st := inflated(t, InflateAuto, packed[:len(packed)/2], 1000, 1000)
	if st != InflateNeedInput || len(out) < 20 || !bytes.HasPrefix(in, out) {
		t.Errorf("truncated: %d bytes, state %d", len(out), int(st))
	}
}

func BenchmarkInflate(b *testing.B) {
	in := inflateSample(1 << 18)
	var buf bytes.Buffer
	w, err := flate.NewWriter(&buf, 6)
	if err != nil {
		b.Fatal(err)
	}
	if _, err = w.Write(in); err != nil {
		b.Fatal(err)
	}
	if err = w.Close(); err != nil {
		b.Fatal(err)
	}
	z := &Inflater{}
	dst := make([]byte, 1<<16)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		z.Reset(InflateRaw)
		src := buf.Bytes()
		for {
			_, ns, st := z.Inflate(dst, src)
			src = src[ns:]
			if st != InflateNeedOutput {
				break
			}
		}
	}
}
