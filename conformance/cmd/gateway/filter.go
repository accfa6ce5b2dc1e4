package main

import (
	"bytes"
	"encoding/json"
	"io"
	"sync"
)

// filter passes on the events that stand in a gateway's log, one a line, without
// whatever the gateway writes around them. It is safe for concurrent use.
type filter struct {
	to      io.Writer
	mu      sync.Mutex
	partial []byte
}

// maxLine bounds what is kept of a line that does not end.
const maxLine = 1 << 20

var eventStart = []byte(`{"event.version":`)

// Write implements io.Writer.
func (f *filter) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.partial = append(f.partial, p...)
	for {
		line, rest, ok := bytes.Cut(f.partial, []byte{'\n'})
		if !ok {
			break
		}
		f.line(line)
		f.partial = rest
	}
	if len(f.partial) > maxLine {
		f.partial = nil
	}
	return len(p), nil
}

func (f *filter) line(line []byte) {
	i := bytes.Index(line, eventStart)
	if i < 0 {
		return
	}
	var event json.RawMessage
	if json.NewDecoder(bytes.NewReader(line[i:])).Decode(&event) == nil {
		_, _ = f.to.Write(append(event, '\n')) // whoever does not read any more wants no events
	}
}
