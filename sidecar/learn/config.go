package learn

import (
	"fmt"
	"time"
)

// Config configures a Learner. The zero value of a field stands for its
// default.
type Config struct {
	// Window is the unit of time of learning, 1 minute to 24 hours; default 10
	// minutes. What was learned takes effect when a window closes.
	Window time.Duration
	// Period is how long the hash of a source stays the same
	// (profile.Sources.Period), a whole number of windows; default 24 hours.
	// Sources are told apart within one period only, so whatever needs many of
	// them needs them in one period: patience gives an attacker nothing.
	Period time.Duration
	// Keep is how many periods ago something may have been seen last before it
	// is forgotten; default 14.
	Keep int64
	// Salt makes what is kept of strangers' inventions unpredictable. It must be
	// the same for all that join their evidence.
	Salt uint64
	// Assets says what applications there are. Without any, every host is one
	// that three sources asked for in a period, from the next window on, up to
	// MaxAssets: those of most sources.
	Assets []AssetRule
	// MaxAssets bounds the number of assets; default 64.
	MaxAssets int
	// MaxItems bounds the endpoints and parameters of an asset; default 20,000.
	MaxItems int
	// MaxBytes bounds the memory of an asset's state; default 64 MiB.
	MaxBytes int
	// Sources, Requests and Windows are what an endpoint or a parameter needs to
	// be mature; defaults 20, 500 and 2.
	Sources, Requests, Windows int
	// Votes is how many sources an indicator needs to be familiar, at least;
	// default 12. Share is the percentage of the parameter's sources that it
	// needs too; default 5.
	Votes, Share int
}

// AssetRule says which requests belong to an asset.
type AssetRule struct {
	Name string
	// Host is a host name, "*.example.com" or "*".
	Host string
	// Base is the path below which the asset lies; default "/".
	Base string
}

func (c Config) withDefaults() (Config, error) {
	defaults := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	if c.Window == 0 {
		c.Window = 10 * time.Minute
	}
	if c.Period == 0 {
		c.Period = max(24*time.Hour, c.Window)
	}
	if c.Keep == 0 {
		c.Keep = 14
	}
	defaults(&c.MaxAssets, 64)
	defaults(&c.MaxItems, 20000)
	defaults(&c.MaxBytes, 64<<20)
	defaults(&c.Sources, 20)
	defaults(&c.Requests, 500)
	defaults(&c.Windows, 2)
	defaults(&c.Votes, 12)
	defaults(&c.Share, 5)
	switch {
	case c.Window < time.Minute || c.Window > 24*time.Hour:
		return c, fmt.Errorf("configure learning: window %v is not between 1m and 24h", c.Window)
	case c.Window%time.Second != 0 || c.Period%c.Window != 0:
		return c, fmt.Errorf("configure learning: period %v is not a whole number of windows of %v", c.Period, c.Window)
	case c.Votes < 8:
		return c, fmt.Errorf("configure learning: votes %d: fewer than 8 sources would let one attacker teach", c.Votes)
	case c.Votes > maxVoters:
		return c, fmt.Errorf("configure learning: votes %d: at most %d are counted", c.Votes, maxVoters)
	case c.Share < 1 || c.Share > 100:
		return c, fmt.Errorf("configure learning: share %d is no percentage", c.Share)
	}
	for i, a := range c.Assets {
		if a.Name == "" || a.Host == "" {
			return c, fmt.Errorf("configure learning: assets[%d]: name and host are required", i)
		}
		if a.Base == "" {
			c.Assets[i].Base = "/"
		}
	}
	return c, nil
}
