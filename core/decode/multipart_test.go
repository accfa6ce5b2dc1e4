package decode

import (
	"strings"
	"testing"
)

// newMultipart makes a cursor for the drivers with the boundary "b".
func newMultipart() driven {
	c := &Multipart{}
	c.Reset([]byte("b"))
	return c
}

// longBoundary is longer than RFC 2046 allows and than what is compared.
var longBoundary = strings.Repeat("Bound", 50)

func newLongMultipart() driven {
	c := &Multipart{}
	c.Reset([]byte(longBoundary))
	return c
}

func TestMultipartFields(t *testing.T) {
	var cases []cursorCase
	load(t, "multipart.json", &cases)
	for _, tc := range cases {
		c := &Multipart{}
		c.Reset([]byte(tc.Opt))
		same(t, tc.Name, drive(t, c, []byte(tc.In), 0), tc.Out)
	}
}

func TestMultipartChunks(t *testing.T) {
	var cases []cursorCase
	load(t, "multipart.json", &cases)
	for _, tc := range cases {
		for _, long := range stretch(tc.In) {
			checkChunks(t, []byte(long), newMultipart)
		}
	}
}

func TestMultipartBorders(t *testing.T) {
	// Every offset of delimiter and header against the window's end.
	step := 1
	if !compiled {
		step = 29
	}
	for pad := 900; pad < 1060; pad += step {
		in := "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n" + strings.Repeat("x", pad) + "\r\n--b\r\nX: " + strings.Repeat("y", pad) + "\r\n 1\r\n\r\nz\r\n--b--\r\n"
		checkChunks(t, []byte(in), newMultipart)
	}
	cut := longBoundary[:maxBoundary]
	for pad := 500; pad < 1500; pad += 7 * step {
		in := "--" + cut + "\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n" + strings.Repeat("x\r\n--Bound", pad/10) + "\r\n--" + cut + "--\r\n"
		checkChunks(t, []byte(in), newLongMultipart)
	}
}

func TestMultipartLongHeader(t *testing.T) {
	name := strings.Repeat("n", 5000)
	in := "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"" + name + "\"\r\n\r\nv\r\n--b--"
	got := drive(t, newMultipart(), []byte(in), 1024)
	if len(got) != 4 || !strings.HasPrefix(got[1], "filename a=nnn") || !strings.Contains(got[2], name) || got[3] != "file a=v" {
		t.Fatalf("long header: %.200q", got)
	}
}

func TestMultipartPart(t *testing.T) {
	var c Multipart
	var f Field
	in := "--b\r\nContent-Disposition: form-data; name=p\r\nContent-Type: multipart/mixed; boundary=\"q\"\r\nContent-Transfer-Encoding: base64\r\n\r\nv\r\n--b\r\n\r\nw\r\n--b--"
	c.Reset([]byte("b"))
	c.Window([]byte(in), true)
	values := 0
	for c.Next(&f) == Found {
		if f.Kind != KindValue {
			continue
		}
		values++
		part := string(c.name[:c.nameLen]) + "|" + string(c.PartType()) + "|" + string(c.PartEncoding())
		if values == 1 && part != `p|multipart/mixed; boundary="q"|base64` || values == 2 && part != "||" {
			t.Fatalf("part %d: %s", values, part)
		}
	}
	if values != 2 {
		t.Fatalf("%d values", values)
	}
}

func TestMultipartDuplicates(t *testing.T) {
	var c Multipart
	var f Field
	c.Reset([]byte("b"))
	c.Window([]byte("--b\r\nContent-Disposition: form-data; name=a; name=b; filename=x; filename=y\r\n\r\nv\r\n--b--"), true)
	got := ""
	for c.Next(&f) == Found {
		if f.Flags&Duplicate != 0 {
			got += string(f.Value)
		}
	}
	if got != "by" {
		t.Fatalf("duplicates %q", got)
	}
}

func TestMultipartAllocations(t *testing.T) {
	in := []byte(strings.Repeat("--b\r\nContent-Disposition: form-data; name=a\r\n\r\nhello\r\n", 200))
	boundary := []byte("b")
	var c Multipart
	if n := testing.AllocsPerRun(5, func() { c.Reset(boundary); measure(&c, in, 2048) }); n > 1 && compiled {
		t.Fatalf("%v allocations", n)
	}
}

func BenchmarkMultipart(b *testing.B) {
	noise := make([]byte, 1<<20)
	x := uint32(1)
	for i := range noise {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	text := strings.Repeat("a line of text, some 40 bytes long ----\r\n", 25000)
	mark := "----WebKitFormBoundary7MA4YWxkTrZu0gW"
	head := "--" + mark + "\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n"
	bodies := map[string]string{
		"binary": head + string(noise) + "\r\n--" + mark + "--\r\n",
		"text":   head + text + "\r\n--" + mark + "--\r\n",
		"fields": strings.Repeat("--"+mark+"\r\nContent-Disposition: form-data; name=\"field\"\r\n\r\nvalue\r\n", 1000),
	}
	for _, kind := range []string{"binary", "text", "fields"} {
		in := []byte(bodies[kind])
		b.Run(kind, func(b *testing.B) {
			var c Multipart
			b.SetBytes(int64(len(in)))
			for i := 0; i < b.N; i++ {
				c.Reset([]byte(mark))
				measure(&c, in, 16384)
			}
		})
	}
}
