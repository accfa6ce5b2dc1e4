package conformance

import (
	"context"
	"path"
	"slices"
	"testing"
)

// Run runs the suite against a target: probe, cases, sample. Each case is a
// subtest "group/id", so that -run selects some; only a full run is written to
// the results (see Report).
func Run(t *testing.T, target Target) {
	t.Helper()
	cases, err := Cases()
	if err != nil {
		t.Fatal(err)
	}
	checkDeviations(t, target.Deviations(), cases)
	backend, err := NewBackend("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = backend.Close() })
	r := &Runner{Instance: target.Start(t, backend.Address()), Backend: backend, Deviations: target.Deviations()}
	if v, ok := target.(Viewer); ok {
		r.View = v.View
	}
	if v, ok := target.(Rewriter); ok {
		r.HandedOn = v.HandedOn
	}
	ctx := t.Context()
	if err := Probe(ctx, r); err != nil {
		t.Fatalf("%s is wired wrongly, nothing else was tried: %v", target.Name(), err)
	}
	report := newReport(target)
	runCases(t, r, cases, report)
	t.Run("sample", func(t *testing.T) { runSample(ctx, t, r, target, report) })
	for _, name := range policyNames(cases) {
		t.Run(name, func(t *testing.T) { runUnder(t, name, target, r, cases, report) })
	}
	if report.Cases != len(cases) {
		return
	}
	if err := report.write(); err != nil {
		t.Error(err)
	}
}

// runCases runs those of the cases that are for the policy of r.
func runCases(t *testing.T, r *Runner, cases []*Case, report *Report) {
	name := ""
	if r.Policy != nil {
		name = r.Policy.Name
	}
	for _, c := range cases {
		if c.Policy != name {
			continue
		}
		t.Run(c.Name(), func(t *testing.T) {
			res := r.Run(t.Context(), c)
			report.add(res)
			show(t, c, res)
		})
	}
}

// runUnder runs the cases of a policy on an instance of their own. like is the
// runner of the other cases.
func runUnder(t *testing.T, name string, target Target, like *Runner, cases []*Case, report *Report) {
	policy, err := LoadPolicy(name)
	if err != nil {
		t.Fatal(err)
	}
	r := &Runner{Backend: like.Backend, View: like.View, HandedOn: like.HandedOn, Deviations: like.Deviations, Policy: policy}
	ruled, ok := target.(Ruled)
	if !ok {
		r.Deviations = []Deviation{{Cases: "*/*", Kind: Skipped, Reason: "This target is not given a policy."}}
		runCases(t, r, cases, report)
		return
	}
	r.Instance = ruled.StartUnder(t, like.Backend.Address(), policy)
	if err := Probe(t.Context(), r); err != nil {
		t.Fatalf("%s under policy %s is wired wrongly, nothing else was tried: %v", target.Name(), name, err)
	}
	runCases(t, r, cases, report)
}

// policyNames lists the policies that cases need.
func policyNames(cases []*Case) (names []string) {
	for _, c := range cases {
		if c.Policy != "" && !slices.Contains(names, c.Policy) {
			names = append(names, c.Policy)
		}
	}
	return names
}

func show(t *testing.T, c *Case, res Result) {
	switch res.Outcome {
	case Failed:
		t.Errorf("%s\nreason of the case: %s", res.Detail, c.Reason)
	case Outcome(Skipped):
		t.Skipf("group %s: %s", c.Group, res.Detail)
	default:
		if res.Detail != "" {
			t.Log(res.Detail)
		}
	}
}

// checkDeviations refuses deviations without a reason or without a case.
func checkDeviations(t *testing.T, list []Deviation, cases []*Case) {
	for i, d := range list {
		if d.Reason == "" || (d.Kind != Skipped && d.Kind != Refused && d.Kind != Altered) {
			t.Errorf("deviation %s: want a kind and a reason", d.Cases)
		}
		used := false
		for _, c := range cases {
			if ok, err := path.Match(d.Cases, c.Name()); err != nil {
				t.Fatalf("deviation %s: %v", d.Cases, err)
			} else if ok && deviation(list[:i+1], c) == &list[i] {
				used = true
			}
		}
		if !used {
			t.Errorf("deviation %s names no case (or only such as an earlier one names)", d.Cases)
		}
	}
}

// probes are sent before everything else.
var probes = []struct{ text, where string }{{"blue cotton shirt", "query"}, {"1' UNION SELECT username, password FROM users-- -", "query"},
	{"blue cotton shirt", "json"}, {"1' UNION SELECT username, password FROM users-- -", "json"}}

// Probe finds out whether a target is wired at all: an honest request arrives,
// an attack does not, with and without a body, and events come.
func Probe(ctx context.Context, r *Runner) error {
	for i, p := range probes {
		action := Pass
		if i%2 == 1 {
			action = Block
		}
		request, _, err := put(p.where, p.text)
		if err != nil {
			return err
		}
		if r.View != nil && len(request.Body) > 0 && len(r.View(request).Body) == 0 {
			continue // the gateway shows no bodies
		}
		c := &Case{Group: "probe", ID: p.where, Reason: "wiring", Expect: Expect{Action: action},
			build: func(id string) *Message { return newMessage(id, request, nil) }}
		if res := r.Run(ctx, c); res.Outcome != OK {
			return &ProbeError{What: string(action) + " probe in " + p.where, Detail: res.Detail}
		}
	}
	return nil
}

// ProbeError says which probe failed.
type ProbeError struct{ What, Detail string }

// Error implements error.
func (e *ProbeError) Error() string { return e.What + ": " + e.Detail }
