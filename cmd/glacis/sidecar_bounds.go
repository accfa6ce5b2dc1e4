package main

import (
	"slices"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/sidecar/learn"
	"github.com/glacis-waf/glacis/sidecar/store"
)

// bound has the store learn what the policy of current's engine lets it: the
// numbers of now, and what is excluded as the policy says it at the time.
func bound(cfg *store.Config, current func() *core.Engine) {
	if p := current().Policy(); p != nil {
		l := &p.Document().Learning
		if l.MinSources > 0 {
			cfg.Learn.Votes = l.MinSources
		}
		if l.ForgetAfterDays > 0 {
			cfg.Learn.Keep = periods(l.ForgetAfterDays, &cfg.Learn)
		}
		if l.MaxBytes > 0 {
			cfg.Learn.MaxBytes = l.MaxBytes
		}
	}
	cfg.Admit = func(o *profile.Observation) bool {
		p := current().Policy()
		if p == nil {
			return true
		}
		// The template has no numbers; assets are told apart by words.
		if name, _ := p.Asset(string(o.Template), string(o.Host)); !p.Learns(name) {
			return false
		}
		if len(p.Document().Learning.Exclude) > 0 {
			o.Params = slices.DeleteFunc(o.Params, func(x profile.ParamSeen) bool { return p.Excludes(string(x.Location)) })
			o.Indicators = slices.DeleteFunc(o.Indicators, func(x profile.IndicatorSeen) bool { return p.Excludes(string(x.Location)) })
		}
		return true
	}
}

// periods is how many periods of learning some days are.
func periods(days int, cfg *learn.Config) int64 {
	period := cfg.Period
	if period == 0 {
		period = max(24*time.Hour, cfg.Window)
	}
	return max(1, int64(days)*int64(24*time.Hour)/int64(period))
}
