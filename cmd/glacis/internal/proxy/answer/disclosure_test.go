package answer

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDisclosed runs testdata/disclosed: the name of each file begins with what
// it shows, "none" for pages that only look like it.
func TestDisclosed(t *testing.T) {
	files, err := filepath.Glob("testdata/disclosed/*.txt")
	if err != nil || len(files) < 20 {
		t.Fatal(files, err)
	}
	shown := map[string]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want, _, _ := strings.Cut(filepath.Base(file), "-")
		if want == "net" {
			want = ".net"
		}
		shown[want]++
		if want == "none" {
			want = ""
		}
		if got := Disclosed(text); got != want {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
	for _, s := range signs {
		if shown[s.name] == 0 {
			t.Errorf("nothing shows %s", s.name)
		}
	}
}

// TestEverySign: each sign is found by a text of its own.
func TestEverySign(t *testing.T) {
	files, err := filepath.Glob("testdata/disclosed/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for i := range signs {
		found := false
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			found = found || signs[i].in(text) && !strings.Contains(file, "none-")
		}
		if !found {
			t.Errorf("no text shows the sign %q of %s", signs[i].anchor, signs[i].name)
		}
	}
}

// TestBounds: what stands behind the window is not seen, and text that is full
// of anchors is given up.
func TestBounds(t *testing.T) {
	trace := []byte("Traceback (most recent call last)")
	if Disclosed(append(bytes.Repeat([]byte("x"), WindowBytes), trace...)) != "" {
		t.Error("seen behind the window")
	}
	if Disclosed(append(bytes.Repeat([]byte("x"), WindowBytes-len(trace)), trace...)) != "python" {
		t.Error("not seen at its end")
	}
	if Disclosed(bytes.Repeat([]byte(".java:"), 4000)) != "" {
		t.Error("anchors alone")
	}
}

func TestTextual(t *testing.T) {
	for _, c := range []struct {
		status int
		kind   string
		want   bool
	}{
		{200, "text/html; charset=utf-8", true}, {500, "Text/Plain", true}, {404, "application/json", true}, {500, "", true}, {200, "", false},
		{200, "text/event-stream", false}, {200, "image/png", false}, {302, "text/html", false}, {206, "text/html", false}, {101, "text/html", false},
		{500, "application/octet-stream", false}, {204, "text/html", false}, {500, "application/grpc", false},
	} {
		if got := Textual(c.status, c.kind); got != c.want {
			t.Errorf("%d %s: %v", c.status, c.kind, got)
		}
	}
}

func BenchmarkDisclosed(b *testing.B) {
	page := bytes.Repeat([]byte("<p>A page about lamps, with <b>offers</b> &amp; prices.</p>\n"), 300)[:WindowBytes]
	b.SetBytes(WindowBytes)
	for b.Loop() {
		if Disclosed(page) != "" {
			b.Fatal("a clean page")
		}
	}
}
