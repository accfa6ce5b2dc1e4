package message

import (
	"bufio"
	"strings"
	"testing"
	"testing/iotest"
)

// FuzzMessage states: no panic; how the bytes arrive does not matter; no body
// is longer than its message; without chunks nothing of the body is lost.
func FuzzMessage(f *testing.F) {
	f.Add("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\nT: 1\r\n\r\n")
	f.Add("GET /a b HTTP/1.1\nA: b\n c\nContent-Length: 9\n\nbody")
	f.Add("POST / HTTP/1.1\nTransfer-Encoding: chunked\n\nzz")
	f.Fuzz(func(t *testing.T, in string) {
		head, body, b, err := read(bufio.NewReader(strings.NewReader(in)), FramingAuto)
		head2, body2, b2, err2 := read(bufio.NewReaderSize(iotest.OneByteReader(strings.NewReader(in)), 4096), FramingAuto)
		if (err == nil) != (err2 == nil) || err != nil {
			if (err == nil) != (err2 == nil) {
				t.Fatal(err, err2)
			}
			return
		}
		if body != body2 || head.URI != head2.URI || len(head.Headers) != len(head2.Headers) || b.Truncated != b2.Truncated || b.Extra != b2.Extra {
			t.Errorf("whole %q %q, byte by byte %q %q", head, body, head2, body2)
		}
		if len(body) > len(in) {
			t.Errorf("%d bytes of body out of %d", len(body), len(in))
		}
		if _, plain, _, err := read(bufio.NewReader(strings.NewReader(in)), FramingNone); err != nil || !strings.HasSuffix(in, plain) {
			t.Errorf("%q is not the end of the message (%v)", plain, err)
		}
	})
}
