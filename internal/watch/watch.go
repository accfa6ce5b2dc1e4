// Package watch looks for changes by asking again and again, which works on
// mounted volumes, config maps and network addresses alike, where notices of
// the file system do not.
package watch

import (
	"context"
	"time"
)

// Poll calls check every interval until ctx ends. check says whether anything
// happened; if so, report is called with its error, nil for a change that was
// taken over. Both run on the caller's goroutine.
func Poll(ctx context.Context, interval time.Duration, check func(context.Context) (did bool, err error), report func(error)) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if did, err := check(ctx); did {
				report(err)
			}
		}
	}
}
