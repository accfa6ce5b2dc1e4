package request

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestLineNumbers(t *testing.T) {
	l := &lineReader{br: bufio.NewReaderSize(strings.NewReader("one\ntwo is longer than the buffer\n\nfour"), 16)}
	for i, want := range []string{"one\n", "two is longer than the buffer\n", "\n", "four"} {
		line, err := l.next()
		if err != nil || string(line) != want || l.number != i+1 {
			t.Fatalf("line %d: %q, %v, want %q", l.number, line, err, want)
		}
	}
	if _, err := l.next(); err != io.EOF {
		t.Fatalf("got %v at the end", err)
	}
}

func TestTake(t *testing.T) {
	l := &lineReader{br: bufio.NewReaderSize(strings.NewReader("a\nb\nrest\n"), 16)}
	got, err := l.take([]byte("x"), 4)
	if err != nil || string(got) != "xa\nb\n" || l.number != 2 {
		t.Fatalf("%q, line %d, %v", got, l.number, err)
	}
	if got, err = l.take(nil, 99); err != io.EOF || string(got) != "rest\n" {
		t.Fatalf("%q, %v", got, err)
	}
}

// repeated is n times the same byte.
type repeated struct {
	c byte
	n int
}

// Read implements io.Reader.
func (r *repeated) Read(p []byte) (int, error) {
	if r.n == 0 {
		return 0, io.EOF
	}
	n := min(len(p), r.n)
	for i := range p[:n] {
		p[i] = r.c
	}
	r.n -= n
	return n, nil
}

// TestTooLong checks in each format that a record of more than 64 MiB is an
// error and that the record behind it is read.
func TestTooLong(t *testing.T) {
	if testing.Short() {
		t.Skip("moves 320 MiB")
	}
	records := map[string][3]string{ // before the long part, behind it, the next record
		"jsonl":    {`{"uri":"`, "\"}\n", `{"method":"GET","uri":"/next"}`},
		"combined": {`- [d] "GET /`, "\"\n", `- [d] "GET /next HTTP/1.1"`},
		"curl":     {"curl http://h/", "\n", "curl http://h/next"},
		"raw":      {"GET / HTTP/1.1\nA: ", "\n\n", "GET /next HTTP/1.1\n\n"},
		"har":      {`{"log":{"entries":[{"a":"`, "\"},\n", `{"request":{"method":"GET","url":"/next"}}]}}`},
	}
	for format, r := range records {
		t.Run(format, func(t *testing.T) {
			in := io.MultiReader(strings.NewReader(r[0]), &repeated{'a', MaxRecord + 1}, strings.NewReader(r[1]), strings.NewReader(r[2]))
			s, err := Open(in, "in", format)
			if err != nil {
				t.Fatal(err)
			}
			tooLong, next := 0, 0
			for f := range s.Frames() {
				requests, err := s.Decode(f, nil)
				if errors.Is(err, ErrTooLong) {
					tooLong++
				}
				for i := range requests {
					if requests[i].HTTP.URI == "/next" {
						next++
					}
				}
			}
			if tooLong != 1 || next != 1 {
				t.Fatalf("%d errors, %d requests behind", tooLong, next)
			}
		})
	}
}

// TestReadError checks that a failing input ends with its error.
func TestReadError(t *testing.T) {
	failure := errors.New("the disk is gone")
	starts := map[string]string{
		"jsonl": `{"method":"GET","uri":"/"}` + "\n", "combined": `- [d] "GET / HTTP/1.1"` + "\n",
		"curl": "curl http://h/\n", "raw": "GET / HTTP/1.1\n\n", "har": `{"log":{"entries":[{"request":{"method":"GET","url":"/"}},`,
	}
	for format, start := range starts {
		s, err := Open(io.MultiReader(strings.NewReader(start), iotest.ErrReader(failure)), "in", format)
		if err != nil {
			t.Fatal(err)
		}
		requests, last := 0, error(nil)
		for f := range s.Frames() {
			var decoded []Request
			decoded, last = s.Decode(f, nil)
			requests += len(decoded)
		}
		if requests != 1 || !errors.Is(last, failure) {
			t.Errorf("%s: %d requests, then %v", format, requests, last)
		}
	}
}

func TestBrokenGzip(t *testing.T) {
	whole := compress(t, []byte(strings.Repeat(`{"method":"GET","uri":"/"}`+"\n", 1000)))
	for _, data := range [][]byte{whole[:len(whole)-6], whole[:5]} {
		s := open(t, data, "jsonl")
		var last error
		for f := range s.Frames() {
			_, last = s.Decode(f, nil)
		}
		if last == nil || !strings.Contains(last.Error(), "gunzip") {
			t.Errorf("cut at %d: %v", len(data), last)
		}
	}
}
