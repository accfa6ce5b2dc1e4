package request

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"
)

// fuzzFormat checks a reader on any input: no panic; every frame becomes
// requests or an error (an access log's "-" neither); lines ascend; what is
// kept is bounded by the input; and the pieces in which the input arrives make
// no difference.
func fuzzFormat(f *testing.F, format string) {
	files, err := filepath.Glob("testdata/" + format + "/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) >= 2 && data[0] == 0x1f && data[1] == 0x8b {
			t.Skip("compressed input is of any length")
		}
		whole := readAll(t, open(t, data, format), len(data))
		s, err := Open(iotest.OneByteReader(bytes.NewReader(data)), "in", format)
		if err != nil {
			t.Fatal(err)
		}
		pieces := readAll(t, s, len(data))
		if len(whole) != len(pieces) {
			t.Fatalf("%d frames, byte by byte %d", len(whole), len(pieces))
		}
		for i := range whole {
			if whole[i].Line != pieces[i].Line || !bytes.Equal(whole[i].Data, pieces[i].Data) {
				t.Fatalf("frame %d differs: %q, byte by byte %q", i, whole[i].Data, pieces[i].Data)
			}
		}
	})
}

func readAll(t *testing.T, s *Source, size int) []Frame {
	var frames []Frame
	line, kept := 0, 0
	for f := range s.Frames() {
		if f.Line < line || f.Line < 1 {
			t.Fatalf("line %d after line %d", f.Line, line)
		}
		line = f.Line
		kept += len(f.Data)
		requests, err := s.Decode(f, nil)
		if err == nil && len(requests) == 0 && s.Format() != "combined" {
			t.Fatalf("frame %q: neither request nor error", f.Data)
		}
		for i := range requests {
			if requests[i].ID == "" {
				t.Fatalf("frame %q: a request without id", f.Data)
			}
		}
		frames = append(frames, f)
	}
	if kept > size {
		t.Fatalf("%d bytes kept of %d", kept, size)
	}
	return frames
}

func FuzzJSONL(f *testing.F)    { fuzzFormat(f, "jsonl") }
func FuzzHAR(f *testing.F)      { fuzzFormat(f, "har") }
func FuzzRaw(f *testing.F)      { fuzzFormat(f, "raw") }
func FuzzCurl(f *testing.F)     { fuzzFormat(f, "curl") }
func FuzzCombined(f *testing.F) { fuzzFormat(f, "combined") }

// FuzzAuto checks that recognition consumes nothing and that every input is
// taken as some format.
func FuzzAuto(f *testing.F) {
	for _, seed := range []string{"", "{", "curl x", "GET / HTTP/1.1", `- - [d] "GET / HTTP/1.1"`, `{"log":{`, "\n\n#x\n{}", "\x1f\x8b", "\xef\xbb\xbf{}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := open(t, data, Auto)
		if len(data) >= 2 && data[0] == 0x1f && data[1] == 0x8b {
			return
		}
		want := len(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
		rest, err := s.lines.take(nil, want)
		if err != nil || len(rest) != want {
			t.Fatalf("%d bytes left of %d: %v", len(rest), want, err)
		}
	})
}
