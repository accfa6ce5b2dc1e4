package gen

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"math/rand/v2"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func rnd(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 9)) }

// undo holds the inverse of every encoder that has one.
var undo = map[string]func(string) (string, error){
	"b64":    func(s string) (string, error) { b, err := base64.StdEncoding.DecodeString(s); return string(b), err },
	"b64raw": func(s string) (string, error) { b, err := base64.RawStdEncoding.DecodeString(s); return string(b), err },
	"b64url": func(s string) (string, error) { b, err := base64.RawURLEncoding.DecodeString(s); return string(b), err },
	"hexs":   func(s string) (string, error) { b, err := hex.DecodeString(s); return string(b), err },
	"HEXS":   func(s string) (string, error) { b, err := hex.DecodeString(s); return string(b), err },
	"pct":    url.QueryUnescape,
	"pctall": url.QueryUnescape,
	"pct2": func(s string) (string, error) {
		s, err := url.QueryUnescape(s)
		if err != nil {
			return "", err
		}
		return url.QueryUnescape(s)
	},
	"ent":     func(s string) (string, error) { return html.UnescapeString(s), nil },
	"xml":     func(s string) (string, error) { return html.UnescapeString(s), nil },
	"json":    func(s string) (t string, err error) { err = json.Unmarshal([]byte(`"`+s+`"`), &t); return },
	"uni":     func(s string) (t string, err error) { err = json.Unmarshal([]byte(`"`+s+`"`), &t); return },
	"rev":     func(s string) (string, error) { return reversed(s), nil },
	"rot13":   func(s string) (string, error) { return strings.Map(rot13, s), nil },
	"splitdq": func(s string) (string, error) { return strings.Trim(strings.ReplaceAll(s, `"+"`, ""), `"`), nil },
	"splitsq": func(s string) (string, error) { return strings.Trim(strings.ReplaceAll(s, `'+'`, ""), `'`), nil },
}

// TestRoundTrip: decoding gives back what was encoded.
func TestRoundTrip(t *testing.T) {
	for name, dec := range undo {
		for _, in := range []string{"id", "cat /x", "a=b&c%d", "<x y=1>", "O(n)", "k1-k2_k3"} {
			for seed := range uint64(8) {
				out := encoders[name](rnd(seed), in)
				if got, err := dec(out); err != nil || got != in {
					t.Errorf("%s: %q became %q, back %q, %v", name, in, out, got, err)
				}
			}
		}
	}
}

// TestNotations: encoders without an inverse in the standard library.
func TestNotations(t *testing.T) {
	for _, c := range []struct{ enc, in, want string }{
		{"chr", "id", "chr(105).chr(100)"}, {"codes", "id", "105,100"}, {"charcat", "id", "CHAR(105)+CHAR(100)"},
		{"pipechr", "id", "CHR(105)||CHR(100)"}, {"xesc", "id", `\x69\x64`}, {"oct", "id", `\151\144`},
		{"brace", "cat /x", "{cat,/x}"}, {"php", "äb", `s:3:"äb"`}, {"uc", "aB", "AB"}, {"title", "ab cd-ef", "Ab Cd-Ef"},
		{"utf16b64", "id", "aQBkAA=="}, {"utf16", "i", "\xfe\xff\x00i"}, {"json", "<\"\n", `<\"\n`}, {"ip", "no ip", "no ip"},
	} {
		if got := encoders[c.enc](rnd(1), c.in); got != c.want {
			t.Errorf("%s(%q) = %q, want %q", c.enc, c.in, got, c.want)
		}
	}
}

// TestAddressNotation: every notation that net/netip reads is the same address,
// and several notations occur.
func TestAddressNotation(t *testing.T) {
	want := netip.MustParseAddr("169.254.169.254")
	seen := map[string]bool{}
	for seed := range uint64(200) {
		s := Address(rnd(seed), want.String())
		seen[s] = true
		if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil && a.Unmap() != want && !strings.HasPrefix(s, "[64:ff9b::") {
			t.Errorf("%s is %v", s, a)
		}
	}
	for _, s := range []string{"2852039166", "0xa9fea9fe", "025177524776", "0251.0376.0251.0376", "[::ffff:a9fe:a9fe]"} {
		if !seen[s] {
			t.Errorf("%s never written", s)
		}
	}
}

// TestStreams: object streams begin with their format's signature and hold the
// names they were given.
func TestStreams(t *testing.T) {
	for name, magic := range map[string]string{
		"pickle": "\x80", "java": "\xac\xed\x00\x05sr", "marshal": "\x04\x08o:", "binfmt": "\x00\x01\x00\x00\x00\xff\xff\xff\xff", "losfmt": "\xff\x01\x32",
	} {
		for seed := range uint64(10) {
			got := encoders[name](rnd(seed), "posix system cat~/x")
			if !strings.HasPrefix(got, magic) || !strings.Contains(got, "system") || !strings.Contains(got, "cat /x") {
				t.Errorf("%s: %q", name, got)
			}
		}
	}
	if got := pickle(rnd(1), "too short"); got != "too short" {
		t.Errorf("pickle of too few words: %q", got)
	}
}
