package gateway

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMask(t *testing.T) {
	data, err := os.ReadFile("testdata/mask.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	for i := 0; i < len(lines); i++ {
		if strings.HasPrefix(lines[i], "#") {
			continue
		}
		parts := strings.Split(lines[i], "\t")
		want := strings.Replace(parts[1], "[m]", Masked, -1)
		if got := Mask(parts[0]); got != want {
			t.Errorf("Mask(%q) = %q, want %q", parts[0], got, want)
		}
	}
}

func TestRedact(t *testing.T) {
	const text = "text with password=abc"
	cases := []struct {
		location string
		masked   bool
	}{
		{"query.q", false}, {"body.json.user.bio#base64", false}, {"header.authorization#base64", true}, {"cookie.theme", true}, {"header.Cookie", true},
		{"body.form.Password", true}, {"query.access_token", true}, {"path[2]", false}, {"query.q#token", false}, {"header.x-api-key", true}, {"", false},
	}
	for i := 0; i < len(cases); i++ {
		want := "text with password=" + Masked
		if cases[i].masked {
			want = Masked
		}
		if got := Redact(cases[i].location, text); got != want {
			t.Errorf("%s: %q, want %q", cases[i].location, got, want)
		}
	}
}

func TestClip(t *testing.T) {
	cases := [][2]string{{"", ""}, {"short", "short"}, {"12345678", "12345678"}, {"123456789", "12345678"}, {"1234567é9", "1234567"},
		{"123456\xff\xff\xff", "123456\xff\xff"}, {"\x80\x80\x80\x80\x80\x80\x80\x80\x80", "\x80\x80\x80\x80"}}
	for i := 0; i < len(cases); i++ {
		if got := Clip(cases[i][0], 8); got != cases[i][1] {
			t.Errorf("Clip(%q) = %q, want %q", cases[i][0], got, cases[i][1])
		}
	}
	if got := Clip("ééé", 3); !utf8.ValidString(got) || got != "é" {
		t.Errorf("%q", got)
	}
}
