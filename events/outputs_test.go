package events

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// lockedWriter is a writer that two goroutines may use.
type lockedWriter struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.Write(p)
}

func TestOutputsReachEverySink(t *testing.T) {
	var out lockedWriter
	file := filepath.Join(t.TempDir(), "events.jsonl")
	o, err := Open([]string{"stdout:", "stdout:#format=cef", "file:" + file}, Environment{Version: "1", Stdout: &out}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	line := append(sample(t)[0].Line, '\n')
	if n, err := o.Write(line); n != len(line) || err != nil {
		t.Error(n, err)
	}
	clear(line) // the writer's contract: it belongs to the caller again
	o.Send([]byte("\n"))
	if err := o.Close(); err != nil {
		t.Error(err)
	}
	var names []string
	for _, s := range o.Stats() {
		names = append(names, s.Name)
		if s.Sent != 1 {
			t.Errorf("%+v", s)
		}
	}
	if got := strings.Join(names, " "); got != "stdout stdout#2 file" {
		t.Error(got)
	}
	text := out.buf.String()
	if strings.Count(text, "\n") != 2 || !strings.Contains(text, `{"event.version":1`) || !strings.Contains(text, "CEF:0|") {
		t.Error(text)
	}
}

func TestNoOutputs(t *testing.T) {
	var o *Outputs
	o.Send([]byte("x"))
	if err := o.Close(); err != nil || o.Stats() != nil {
		t.Error(err)
	}
	if _, err := io.WriteString(&Outputs{}, "x"); err != nil {
		t.Error(err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// What a closed stream does not take is counted and not offered again.
func TestToAWriter(t *testing.T) {
	o := To(broken{}, quiet())
	o.Send([]byte("{}"))
	if err := o.Close(); err != nil || o.Stats()[0].Failed != 1 {
		t.Errorf("%v %+v", err, o.Stats())
	}
}
