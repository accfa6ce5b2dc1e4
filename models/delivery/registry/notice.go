package registry

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/glacis-waf/glacis/models"
)

// MinPoll is the shortest interval at which a registry is asked.
const MinPoll = time.Minute

// Newer says whether the description is of a model that ought to take the place
// of the one in force, of which name, version and the digest of the archive are
// given: another archive, and of the same name only with a higher version.
func (d *Description) Newer(name, version, archive string) bool {
	if d.Archive == archive {
		return false
	}
	return d.Name != name || models.CompareVersions(d.Version, version) > 0
}

// Poll asks the registry every interval, give or take a tenth, so that many
// programs do not ask at once, until ctx ends. The first time is within a tenth
// of the interval. report gets every answer.
func (c *Client) Poll(ctx context.Context, interval time.Duration, report func(*Description, error)) {
	interval = max(interval, MinPoll)
	poll(ctx, interval, func() { report(c.Describe(ctx)) })
}

// poll calls f at those times.
func poll(ctx context.Context, interval time.Duration, f func()) {
	tenth := interval / 10
	wait := rand.N(tenth + 1)
	for {
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
			f()
		}
		wait = interval - tenth + rand.N(2*tenth+1)
	}
}
