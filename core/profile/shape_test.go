package profile

import (
	"testing"

	"github.com/glacis-waf/glacis/core/kernel"
)

// TestTypes checks one or more values of every type.
func TestTypes(t *testing.T) {
	for value, want := range map[string]string{
		"": "empty", "42": "int", "-7": "int", "3.14": "float", "2026-11-22": "date", "2026-11-22T10:00:00Z": "date",
		"550e8400-e29b-41d4-a716-446655440000": "uuid", "deadbeef01": "hex", "anna@example.org": "email", "www.example.org": "host", "192.0.2.1": "host",
		"https://example.org/a?b=c": "url", "a/b/c": "path", "QWxhZGRpbjpvcGVuIHNlc2FtZQ==": "base64", "abc123xyz": "token", "summer": "word", "dark-red": "word",
		"two words, more": "phrase", "O'Brien": "phrase", "Grüße aus Köln": "foreign", "a,b,c": "list", "<b>x</b>": "markup", `{"a":1}`: "json", "a=$b|c": "code",
	} {
		class := kernel.Scan([]byte(value), new(kernel.Gate), new(kernel.Hits))
		s := ShapeOf([]byte(value), class)
		if s.Type.Name() != want {
			t.Errorf("%q is %s, not %s", value, s.Type.Name(), want)
		}
	}
}

// TestBuckets checks the borders of length buckets.
func TestBuckets(t *testing.T) {
	for n, want := range map[int]uint8{0: 0, 1: 1, 2: 2, 3: 2, 4: 3, 255: 8, 256: 9, 1 << 14: 15, 1 << 20: 15} {
		if got := Bucket(n); got != want {
			t.Errorf("%d bytes are in bucket %d, not %d", n, got, want)
		}
	}
}

// TestScripts checks which alphabets are told apart.
func TestScripts(t *testing.T) {
	for value, want := range map[string]uint32{"abc": 0, "é": 1 << 22, "ж": 1 << 23, "α": 1 << 23, "ש": 1 << 24, "你": 1 << 25, "😀": 1 << 26} {
		if got := script([]byte(value)); got != want {
			t.Errorf("%q has script %#x, not %#x", value, got, want)
		}
	}
}
