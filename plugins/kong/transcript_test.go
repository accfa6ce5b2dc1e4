package kong

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core"
)

// TestTranscripts reads every frame of the 21 exchanges that were recorded
// between a real Kong 3.9.3 and plugin servers (testdata/transcripts/*.frames: side
// and connection, then the frame in hex) with the plugin's own readers. *.want is
// what a decoder of its own, in Python, found in them.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/transcripts/*.frames")
	if err != nil || len(files) != 21 {
		t.Fatal(len(files), err)
	}
	total := 0
	for _, file := range files {
		frames, want := textLines(t, file), textLines(t, strings.TrimSuffix(file, ".frames")+".want")
		x := newTranscript(t, frames)
		for i, frame := range frames {
			side, hexed, _ := strings.Cut(frame, " ")
			got := strings.TrimRight(side+" "+x.next(side, hexed == ""), " ")
			if i >= len(want) || got != want[i] {
				t.Errorf("%s:%d: %s", file, i+1, got)
			}
			if hexed != "" {
				total++
			}
		}
		if len(frames) != len(want) {
			t.Errorf("%s: %d lines, want %d", file, len(frames), len(want))
		}
	}
	if total != 544 {
		t.Errorf("%d frames", total)
	}
}

func textLines(t *testing.T, file string) []string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
}

// transcript reads both sides of the connections of a recording.
type transcript struct {
	*testing.T
	streams map[string]*bufio.Reader // by side and connection
	conns   map[string]*recordedConn
}

// recordedConn is what an exchange has come to.
type recordedConn struct {
	pending  []string // calls without a reply yet
	argument bool     // the next frame of the plugin is one
	event    bool     // calls may come
	done     bool     // its end was announced
}

func newTranscript(t *testing.T, frames []string) *transcript {
	t.Helper()
	bytesOf := map[string][]byte{}
	for _, frame := range frames {
		side, hexed, _ := strings.Cut(frame, " ")
		b, err := hex.DecodeString(hexed)
		if err != nil {
			t.Fatal(err)
		}
		bytesOf[side] = append(bytesOf[side], b...)
	}
	x := &transcript{t, map[string]*bufio.Reader{}, map[string]*recordedConn{}}
	for side, b := range bytesOf {
		x.streams[side], x.conns[side[1:]] = bufio.NewReader(bytes.NewReader(b)), &recordedConn{}
	}
	return x
}

// next reads the next frame of a side and says what it is; at the end there must
// be none.
func (x *transcript) next(side string, end bool) string {
	r, c := x.streams[side], x.conns[side[1:]]
	if end {
		if _, err := readLength(r); err != io.EOF {
			x.Errorf("%s: %v, want the end", side, err)
		}
		return "end"
	}
	if side[0] == 'k' && len(c.pending) > 0 && c.pending[0] == pdkBody {
		c.pending = c.pending[1:]
		b, _, err := readBody(r, nil, 1<<20)
		if err != nil {
			x.Error(err)
		}
		if b.path != "" {
			return "reply " + pdkBody + ": file " + printable(b.path)
		}
		return "reply " + pdkBody + ": content " + printable(string(b.content))
	}
	b, err := readFrame(r, nil, maxCommand)
	if err != nil {
		x.Fatalf("%s: %v", side, err)
	}
	m := message(b)
	switch {
	case side[0] == 'k' && len(c.pending) > 0:
		method := c.pending[0]
		c.pending = c.pending[1:]
		return "reply " + method + ": " + x.reply(method, m)
	case side[0] == 'k':
		cmd, ok := parseCommand(m)
		if !ok {
			x.Error("not a command")
		}
		c.event = cmd.kind == cmdEvent
		return fmt.Sprintf("command %d sequence %d instance %d %s %s", cmd.kind, cmd.sequence, cmd.instance, printable(cmd.text), printable(cmd.config))
	case c.argument:
		c.argument = false
		return "argument " + x.dump(m)
	case c.event && !c.done && m != "":
		if c.argument = true; m != pdkExit { // which gets no reply
			c.pending = append(c.pending, string(m))
		}
		return "call " + string(m)
	case c.event && !c.done:
		c.done = true
		return "done"
	}
	c.event, c.done = false, false
	return "return " + x.dump(m)
}

// reply decodes a reply as the plugin does if it makes that call.
func (x *transcript) reply(method string, m message) string {
	ok, out := true, ""
	switch method {
	case pdkMethod, pdkTarget, pdkAddress:
		out, ok = m.text()
		out = "text " + printable(out)
	case pdkVersion:
		var v float64
		v, ok = m.double()
		out = fmt.Sprint(v)
	case pdkHeaders:
		var headers []core.Header
		headers, ok = appendHeaders(nil, m)
		slices.SortStableFunc(headers, func(a, b core.Header) int { return strings.Compare(a.Name, b.Name) })
		lines := make([]string, len(headers))
		for i, h := range headers {
			lines[i] = printable(h.Name) + ":" + printable(h.Value)
		}
		out = strings.Join(lines, " ")
	default:
		return x.dump(m)
	}
	if !ok {
		x.Errorf("%s: not a reply: %x", method, string(m))
	}
	return out
}

// dump prints the fields of a message.
func (x *transcript) dump(m message) string {
	var out []string
	for len(m) > 0 {
		f, rest, ok := m.next()
		if !ok {
			x.Fatalf("not a message: %x", string(m))
		}
		if m = rest; f.kind == kindBytes {
			out = append(out, fmt.Sprintf("%d=%s", f.id, printable(string(f.bytes))))
		} else {
			out = append(out, fmt.Sprintf("%d=%d", f.id, f.number))
		}
	}
	return strings.Join(out, " ")
}

// printable writes bytes that are not printable ASCII in hex, and cuts long texts.
func printable(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if c < ' ' || c > '~' || c == '\\' {
			fmt.Fprintf(&b, "\\x%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	if s := b.String(); len(s) > 160 {
		return fmt.Sprintf("%s… %d bytes", s[:120], len(text))
	}
	return b.String()
}
