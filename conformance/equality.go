package conformance

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
)

// defaultSample is how many recorded requests each target gets; the variable
// GLACIS_SAMPLE says otherwise, and `make conformance` sets it to 5,000.
const defaultSample = 500

// maxShown is how many differences of the sample are printed.
const maxShown = 10

// sample is read once for all targets of a process.
var sample = sync.OnceValues(func() ([]recorded, error) {
	n := defaultSample
	if text := os.Getenv("GLACIS_SAMPLE"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil || n < 0 {
			return nil, fmt.Errorf("GLACIS_SAMPLE=%s: want a number of requests", text)
		}
	}
	return readSample(corporaDir(), n)
})

// runSample sends recorded traffic and compares verdicts and what arrives.
func runSample(ctx context.Context, t *testing.T, r *Runner, target Target, report *Report) {
	list, err := sample()
	if err != nil {
		t.Fatal(err)
	}
	if slow, ok := target.(Slow); ok && !Full() {
		list = list[:min(len(list), slow.Sample())]
	}
	if len(list) == 0 {
		t.Skipf("group sample: no recorded traffic in %s: set CORPORA", corporaDir())
	}
	s := &report.Sample
	for i := range list {
		outcome, detail := r.runRecorded(ctx, &list[i])
		s.Sent++
		switch outcome {
		case OK:
			s.Equal++
		case Outcome(Refused):
			s.Refused[detail.status]++
		default:
			if s.Differ++; s.Differ <= maxShown {
				t.Errorf("%s: %s", list[i].ID, detail.text)
			}
		}
	}
	t.Logf("%d sent, %d equal, refused by the gateway itself by status: %v, %d differ", s.Sent, s.Equal, s.Refused, s.Differ)
	if s.Equal*2 < s.Sent {
		t.Errorf("only %d of %d could be compared", s.Equal, s.Sent)
	}
}

type recordedDetail struct {
	status int
	text   string
}

// runRecorded sends one recorded request. The engine's verdict decides what is
// to become of it.
func (r *Runner) runRecorded(ctx context.Context, rec *recorded) (Outcome, recordedDetail) {
	m := newMessage(r.nextID(), rec.request(), nil)
	if strict, err := parse(m.Raw); err == nil {
		m.Request = strict
	} else {
		m.Request, m.Unfinished = nil, false // not a message in HTTP/1.1: gateways may do what they like
	}
	o := r.observe(ctx, m)
	if o.err != nil {
		return Failed, recordedDetail{text: o.err.Error()}
	}
	if o.action == Refuse || m.Request == nil {
		return Outcome(Refused), recordedDetail{status: o.answer.Status}
	}
	c := &Case{Group: "sample", Expect: Expect{Action: o.action}}
	if text := r.judge(c, m, o, false); text != "" {
		return Failed, recordedDetail{text: text}
	}
	return OK, recordedDetail{}
}
