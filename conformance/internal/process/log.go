package process

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
)

// HeadSize is how many bytes of a log tell why a program did not start.
const HeadSize = 64 << 10

// Log collects what a program writes. Its methods may be called concurrently.
type Log struct {
	// Limit is how many bytes are kept of the beginning, 0 for all; not to be
	// changed after the first Write.
	Limit int

	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer; what is beyond the limit is dropped.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	keep := p
	if l.Limit > 0 {
		keep = p[:min(len(p), l.Limit-l.text.Len())]
	}
	l.text.Write(keep)
	return len(p), nil
}

// String returns what is kept.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Line returns the first line with the text, "" if there is none.
func (l *Log) Line(text string) string {
	for line := range strings.Lines(l.String()) {
		if strings.Contains(line, text) {
			return strings.TrimSuffix(line, "\n")
		}
	}
	return ""
}

// Await waits at most 10 seconds for a line with the text and returns it.
func (l *Log) Await(t testing.TB, text string) string {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if line := l.Line(text); line != "" {
			return line
		}
	}
	t.Fatalf("no line with %s in:\n%s", text, l)
	return ""
}
