package shadow

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/glacis-waf/glacis/core"
)

// The bounds on what is kept and said about differences.
const (
	// KeptDifferences is how many of the latest differences a Report has.
	KeptDifferences = 100
	// DifferencesPerMinute is how many are logged.
	DifferencesPerMinute = 60
	// maxText bounds a text of a difference, in bytes.
	maxText = 128
)

// Report says what two models thought of the same requests.
type Report struct {
	// Model is the second model, "" while there is none.
	Model string `json:"model"`
	// Sampled is how many requests were in the sample. Of these, Compared were
	// compared, Partial were too long or not shown to their end, Dropped came
	// when the queue was full, Failed made the second engine fall over; the rest
	// is under way.
	Sampled  int64 `json:"sampled"`
	Compared int64 `json:"compared"`
	Partial  int64 `json:"partial"`
	Dropped  int64 `json:"dropped"`
	Failed   int64 `json:"failed"`
	// Blocks and Passes are where the action would change: requests that only
	// the second model blocks, and requests that it alone lets through.
	Blocks int64 `json:"blocks"`
	Passes int64 `json:"passes"`
	// Confidence counts by the confidence of the model in force and that of the
	// second, none to critical.
	Confidence [core.ConfidenceCritical + 1][core.ConfidenceCritical + 1]int64 `json:"confidence"`
	// Differences are the latest requests whose confidence differs, the latest
	// last.
	Differences []Difference `json:"differences"`
}

// Difference is a request of which the models think differently. Nothing of its
// content is in it.
type Difference struct {
	Time time.Time `json:"time"`
	// RequestID is that of the log.
	RequestID string `json:"request_id"`
	Old       Side   `json:"old"`
	New       Side   `json:"new"`
}

// Side is what one model says.
type Side struct {
	Model      string `json:"model"`
	Action     string `json:"action"`
	Score      int    `json:"score"`
	Confidence string `json:"confidence"`
	Family     string `json:"family"`
	// Location names a place in the request, at most 128 bytes of it.
	Location string `json:"location"`
}

// tally counts what was compared.
type tally struct {
	sampled, partial, dropped, failed atomic.Int64

	log *slog.Logger
	now func() time.Time

	mu     sync.Mutex
	counts Report
	minute time.Time
	logged int
}

func newTally(log *slog.Logger) *tally { return &tally{log: log, now: time.Now} }

// add counts one comparison.
func (t *tally) add(id string, was, will *core.Verdict) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := &t.counts
	r.Compared++
	r.Confidence[was.Confidence][will.Confidence]++
	switch {
	case was.Action == will.Action:
	case will.Action == core.Block:
		r.Blocks++
	default:
		r.Passes++
	}
	if was.Confidence == will.Confidence && was.Action == will.Action {
		return
	}
	now := t.now()
	d := Difference{Time: now.UTC(), RequestID: clip(id), Old: side(was), New: side(will)}
	if len(r.Differences) == KeptDifferences {
		r.Differences = r.Differences[:copy(r.Differences, r.Differences[1:])]
	}
	r.Differences = append(r.Differences, d)
	if now.Sub(t.minute) >= time.Minute {
		t.minute, t.logged = now, 0
	}
	if t.logged++; t.logged <= DifferencesPerMinute {
		t.log.Info("the shadow model differs", "request_id", d.RequestID, "old", d.Old, "new", d.New)
	}
}

// report returns a snapshot.
func (t *tally) report() Report {
	t.mu.Lock()
	r := t.counts
	r.Differences = append([]Difference{}, r.Differences...)
	t.mu.Unlock()
	r.Sampled, r.Partial, r.Dropped, r.Failed = t.sampled.Load(), t.partial.Load(), t.dropped.Load(), t.failed.Load()
	return r
}

func side(v *core.Verdict) Side {
	return Side{v.Model, v.Action.Name(), v.Score, v.Confidence.Name(), v.Family.Name(), clip(v.Location)}
}

func clip(s string) string { return s[:min(len(s), maxText)] }

// LogValue implements slog.LogValuer.
func (s Side) LogValue() slog.Value {
	return slog.GroupValue(slog.String("model", s.Model), slog.String("action", s.Action), slog.Int("score", s.Score),
		slog.String("confidence", s.Confidence), slog.String("family", s.Family), slog.String("location", s.Location))
}
