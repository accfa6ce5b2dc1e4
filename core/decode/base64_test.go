package decode

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"math/rand"
	"strings"
	"testing"
)

// base64Case is one line of testdata/base64.json: an honest or hostile value,
// the kind it looks like and whether its content is believed.
type base64Case struct {
	In, Note string
	Kind     int
	Believed bool
}

func base64Believed(src []byte) bool {
	if LooksBase64(src) == Base64None {
		return false
	}
	out, ok := Base64(nil, src)
	return ok && TextLike(out)
}

func TestBase64Table(t *testing.T) {
	var cases []base64Case
	escLoad(t, "base64", &cases)
	truePos, falsePos, wanted := 0, 0, 0
	for _, c := range cases {
		if got := LooksBase64([]byte(c.In)); int(got) != c.Kind {
			t.Errorf("%s %q: kind %d, want %d", c.Note, c.In, got, c.Kind)
		}
		got := base64Believed([]byte(c.In))
		if got != c.Believed {
			t.Errorf("%s %q: believed %v", c.Note, c.In, got)
		}
		switch {
		case c.Believed && got:
			truePos++
			wanted++
		case c.Believed:
			wanted++
		case got:
			falsePos++
		}
	}
	t.Logf("%d cases: recall %d/%d, false alarms %d", len(cases), truePos, wanted, falsePos)
}

// Random tokens, as sessions and keys are, must not be believed: neither the
// base64 of random bytes nor random letters and digits.
func TestBase64RandomTokens(t *testing.T) {
	const alnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	rnd := rand.New(rand.NewSource(7))
	const rounds = 2000
	believed := 0
	for i := 0; i < rounds; i++ {
		raw := make([]byte, 16+rnd.Intn(49))
		for k := range raw {
			raw[k] = byte(rnd.Intn(256))
		}
		token := make([]byte, 16+rnd.Intn(49))
		for k := range token {
			token[k] = alnum[rnd.Intn(len(alnum))]
		}
		for _, s := range []string{
			base64.StdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw),
			hex.EncodeToString(raw), string(token),
		} {
			if base64Believed([]byte(s)) {
				believed++
			}
		}
		if TextLike(raw) {
			believed++
		}
	}
	t.Logf("%d of %d random tokens believed", believed, 5*rounds)
	if believed*200 > 5*rounds {
		t.Errorf("%d of %d random tokens believed, more than 0.5 %%", believed, 5*rounds)
	}
}

// Text in every layout is believed and comes back.
func TestBase64Recall(t *testing.T) {
	for _, s := range []string{
		"<script>alert(1)</script>", "' OR 1=1 -- ", "cat /etc/passwd", "<?php system($_GET['c']); ?>",
		`O:8:"stdClass":1:{s:1:"a";i:1;}`, "{\"user\":\"admin\"}", "été <b>où</b> ça", "../../../../etc/hosts", "你好，世界 <script>",
		string(wideEncode("whoami /all", OrderUTF16LE)), "\xac\xed\x00\x05sr\x00\x11java.util.HashMap",
		"\x80\x04\x95\x1d\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
	} {
		for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
			text := enc.EncodeToString([]byte(s))
			out, ok := Base64(nil, []byte(text))
			if !ok || string(out) != s {
				t.Errorf("%s gives %q", text, out)
			}
			if !base64Believed([]byte(text)) {
				t.Errorf("%q: %s is not believed (kind %d)", s, text, LooksBase64([]byte(text)))
			}
		}
		text := base64.StdEncoding.EncodeToString([]byte(s))
		lines := text[:8] + "\r\n" + text[8:12] + " " + text[12:] + "\n"
		if out, ok := Base64(nil, []byte(lines)); !ok || string(out) != s || LooksBase64([]byte(lines)) != Base64MIME {
			t.Errorf("%q gives %q, kind %d", lines, out, LooksBase64([]byte(lines)))
		}
	}
}

func TestBase64Tolerance(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{"YWJj", "abc"}, {"YWJjZ", "abc"}, {"YW Jj\r\nZ", "abc"}, {"YWI=", "ab"}, {"YWI=YWI=", "ab"},
		{"Pz8/Pz8_", "??????"}, {"YR", "a"}, {"Y", ""}, {"", ""}, {"YW.j", ""}, {"=", ""},
	} {
		got, ok := Base64([]byte("x"), []byte(c.in))
		if string(got) != "x"+c.out || ok != (c.out != "") {
			t.Errorf("%q gives %q %v", c.in, got, ok)
		}
	}
}

func BenchmarkBase64(b *testing.B) {
	for _, c := range []struct{ name, src string }{
		{"word", "administrator"}, {"camel", "getElementsByTagName"}, {"uuid", "0b0f6f2e-59a5-4a5c-8a0e-3a3f0f3b9d52"},
		{"prose", strings.Repeat("GET the quick brown fox, ", 40)}, {"token", "Zx8Q1mVt0bYw3sLk9RrE7uHn2cGj5aFd"},
	} {
		src := []byte(c.src)
		b.Run("sniff-"+c.name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for i := 0; i < b.N; i++ {
				LooksBase64(src)
			}
		})
	}
	src := []byte(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("<script>alert(1)"), 48)))
	buf := make([]byte, 0, 2048)
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		for i := 0; i < b.N; i++ {
			if LooksBase64(src) != Base64None {
				buf, _ = Base64(buf[:0], src)
				TextLike(buf)
			}
		}
	})
}
