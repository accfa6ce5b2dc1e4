package learn

import (
	"fmt"
	"slices"
	"strings"
)

// Level says how far learning has come.
type Level int

// The levels.
const (
	// Unseen: no traffic yet.
	Unseen Level = iota
	// Watching: too little to conclude anything.
	Watching
	// Forming: at least half of what is needed.
	Forming
	// Settled: mature; what is unusual is noticed.
	Settled
)

// String returns the level's name.
func (l Level) String() string { return levelNames[l] }

var levelNames = [...]string{"unseen", "watching", "forming", "settled"}

// MarshalText implements encoding.TextMarshaler.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (l *Level) UnmarshalText(text []byte) error {
	i := slices.Index(levelNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("maturity level %q is none of %s", text, strings.Join(levelNames[:], ", "))
	}
	*l = Level(i)
	return nil
}

// Maturity is a level with what is missing for the next.
type Maturity struct {
	Level Level `json:"level"`
	// Percent is 0 to 100; 100 is mature.
	Percent int `json:"percent"`
	// Missing says what is missing, "" if nothing.
	Missing string `json:"missing,omitempty"`
}

// The sketches are estimates: a condition counts as met from this share, in
// percent, of its number on. Requests are known to 13 %, sources to 5 %.
const (
	nearRequests = 75
	nearSources  = 90
)

// mature reports whether the evidence of a period suffices.
func (e *evidence) mature(cfg *Config) bool {
	return e.progress(cfg).Percent == 100
}

// mature reports whether one of the periods suffices.
func (t *entry) mature(cfg *Config) bool {
	for i := range t.periods {
		if t.periods[i].mature(cfg) {
			return true
		}
	}
	return false
}

// progress compares a period with what is needed. The percentage is that of
// the condition that lacks most.
func (e *evidence) progress(cfg *Config) Maturity {
	var missing []string
	percent := 100
	check := func(have, want, near int, what string) {
		if have*100 >= want*near {
			return
		}
		percent = min(percent, have*100/want)
		missing = append(missing, fmt.Sprintf("%d of %d %s", have, want, what))
	}
	check(e.voters.count(), cfg.Sources, nearSources, "independent sources")
	check(e.requests.count(), cfg.Requests, nearRequests, "requests")
	check(e.windows.count(), cfg.Windows, 100, "windows")
	return Maturity{Level: levelOf(percent), Percent: percent, Missing: strings.Join(missing, ", ")}
}

func levelOf(percent int) Level {
	switch {
	case percent >= 100:
		return Settled
	case percent >= 50:
		return Forming
	}
	return Watching
}

// progress is that of the best period.
func (t *entry) progress(cfg *Config) Maturity {
	best := Maturity{Missing: "no traffic"}
	for i := range t.periods {
		if p := t.periods[i].progress(cfg); p.Percent >= best.Percent {
			best = p
		}
	}
	return best
}

// The part, in percent, of an asset's requests that has to go to mature
// endpoints for the asset to be mature.
const assetShare = 90

// maturity is that of an asset: the part of its requests that goes to mature
// endpoints.
func (l *Learner) maturity(a *asset) Maturity {
	all, mature, young := 0, 0, 0
	for _, t := range a.entries {
		if t.location != "" || len(t.periods) == 0 {
			continue
		}
		n := t.periods[0].requests.count()
		all += n
		if t.mature(&l.cfg) {
			mature += n
		} else if t.admitted {
			young++
		}
	}
	if all == 0 {
		return Maturity{Missing: "no traffic"}
	}
	percent := min(100, mature*100*100/assetShare/all)
	m := Maturity{Level: levelOf(percent), Percent: percent}
	if percent < 100 {
		m.Missing = fmt.Sprintf("%d %% of requests go to endpoints that are known well, of %d %%; %d endpoints need more traffic", mature*100/all, assetShare, young)
	}
	return m
}
