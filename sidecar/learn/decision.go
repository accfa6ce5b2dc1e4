package learn

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Decision is what an operator said about an indicator or a parameter. It
// outlives the evidence.
type Decision struct {
	Asset    string `yaml:"asset" json:"asset"`
	Method   string `yaml:"method,omitempty" json:"method,omitempty"`
	Template string `yaml:"template,omitempty" json:"template,omitempty"`
	Location string `yaml:"location" json:"location"`
	// Indicator is the token's key in hexadecimal, "" for all of the parameter.
	Indicator string `yaml:"indicator,omitempty" json:"indicator,omitempty"`
	// Action is Confirm, Revoke or Dismiss.
	Action string `yaml:"action" json:"action"`
	// Who decided, when (Unix seconds) and why.
	Who  string `yaml:"who" json:"who"`
	When int64  `yaml:"when" json:"when"`
	Why  string `yaml:"why,omitempty" json:"why,omitempty"`
	// Expires is when the decision ends, in Unix seconds; 0 for never.
	Expires int64 `yaml:"expires,omitempty" json:"expires,omitempty"`
}

// The actions.
const (
	// Confirm says that the indicator belongs there: it is discounted, even when
	// critical.
	Confirm = "confirm"
	// Revoke says that it does not: it is never discounted.
	Revoke = "revoke"
	// Dismiss takes a suggestion off the list and changes nothing else.
	Dismiss = "dismiss"
)

// maxDecisions bounds the decisions.
const maxDecisions = 10000

// Decide records a decision; a later one about the same takes the place of an
// earlier.
func (l *Learner) Decide(d Decision) error {
	if err := d.check(); err != nil {
		return fmt.Errorf("decide: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.put(d); err != nil {
		return fmt.Errorf("decide: %w", err)
	}
	l.note(Entry{When: d.When, Who: d.Who, What: d.Action, Detail: d.subject() + ": " + d.Why, Grounds: l.grounds(&d)})
	return nil
}

// check tells what is wrong with a decision.
func (d *Decision) check() error {
	if d.Action != Confirm && d.Action != Revoke && d.Action != Dismiss {
		return fmt.Errorf("action %q is none of confirm, revoke, dismiss", d.Action)
	}
	if d.Who == "" || d.Asset == "" || d.Location == "" {
		return errors.New("asset, location and who are required")
	}
	return nil
}

// put adds a decision, in the order of what they are about.
func (l *Learner) put(d Decision) error {
	at, found := slices.BinarySearchFunc(l.decisions, d.subject(), func(o Decision, subject string) int { return strings.Compare(o.subject(), subject) })
	switch {
	case found:
		l.decisions[at] = d
	case len(l.decisions) >= maxDecisions:
		return fmt.Errorf("there are %d decisions already", maxDecisions)
	default:
		l.decisions = slices.Insert(l.decisions, at, d)
	}
	return nil
}

func (d *Decision) subject() string {
	return d.Asset + " " + d.Method + " " + d.Template + " " + d.Location + " " + d.Indicator
}

// about reports whether the decision is about an item of an asset.
func (d *Decision) about(asset string, t *entry) bool {
	return d.Asset == asset && d.Method == t.method && d.Template == t.template && d.Location == t.location
}

// decided reports what was decided about an indicator.
func (l *Learner) decided(asset string, t *entry, key uint32) (confirmed, revoked bool) {
	for i := range l.decisions {
		d := &l.decisions[i]
		if !d.about(asset, t) || d.Indicator != "" && d.Indicator != indicatorName(key) {
			continue
		}
		confirmed = confirmed || d.Action == Confirm
		revoked = revoked || d.Action == Revoke
	}
	return confirmed && !revoked, revoked
}

func indicatorName(key uint32) string { return fmt.Sprintf("%08x", key) }

func (l *Learner) expireDecisions(now int64) {
	l.decisions = slices.DeleteFunc(l.decisions, func(d Decision) bool {
		if d.Expires == 0 || now < d.Expires {
			return false
		}
		l.note(Entry{When: now, Who: "glacis", What: "expire", Detail: d.subject()})
		return true
	})
}

// Freeze keeps what the profile says of an asset as it is, or ends that.
// Evidence is collected all the same.
func (l *Learner) Freeze(name string, frozen bool, who string, now int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.assets[name]
	if a == nil {
		return fmt.Errorf("freeze: there is no asset %q", name)
	}
	what := "unfreeze"
	if a.frozen = nil; frozen {
		what = "freeze"
		a.frozen = l.know(a)
	}
	l.note(Entry{When: now, Who: who, What: what, Detail: name})
	return nil
}

// Relearn forgets the shapes of an asset's parameters, as for a new version of
// the application; familiar indicators and decisions stay.
func (l *Learner) Relearn(name, who string, now int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.assets[name]
	if a == nil {
		return fmt.Errorf("relearn: there is no asset %q", name)
	}
	for _, t := range a.entries {
		for i := range t.periods {
			old := &t.periods[i].evidence
			t.periods[i].evidence = evidence{voters: old.voters, marks: old.marks, extent: old.extent}
		}
	}
	l.note(Entry{When: now, Who: who, What: "relearn", Detail: name})
	return nil
}
