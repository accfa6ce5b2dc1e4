package eventlog

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/ask"
)

// pageEvents is how many events one call asks for, the most that there are.
const pageEvents = 1000

// FromSidecar calls take with the events that a sidecar still has, the oldest
// first, and with follow with those that come until ctx ends. missed is told how
// many went by between two calls.
func FromSidecar(ctx context.Context, c *ask.Client, f *Filter, follow bool, take func(*Event) error, missed func(n uint64)) error {
	query := f.query()
	query.Set("limit", strconv.Itoa(pageEvents))
	var last uint64
	for first := true; ; first = false {
		page, next, err := fetch(ctx, c, query, last)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("sidecar: %w", err)
		}
		for i := range page {
			if err := take(&page[i]); err != nil {
				return err
			}
		}
		if !first && len(page) == pageEvents && next-last > pageEvents {
			missed(next - last - pageEvents)
		}
		// A sidecar that restarted counts from the beginning.
		last = next
		if !follow {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(4 * pollInterval):
		}
	}
}

// fetch asks for the events after a number; the answer has the newest first.
func fetch(ctx context.Context, c *ask.Client, query url.Values, after uint64) ([]Event, uint64, error) {
	query.Set("after", strconv.FormatUint(after, 10))
	var answer struct {
		Events []json.RawMessage
		Last   uint64
	}
	if err := c.Get(ctx, "/v1/events?"+query.Encode(), &answer); err != nil {
		return nil, after, err
	}
	if answer.Last < after {
		return fetch(ctx, c, query, 0)
	}
	var out []Event
	for _, line := range slices.Backward(answer.Events) {
		if e, ok := Parse(line); ok {
			out = append(out, e)
		}
	}
	return out, answer.Last, nil
}
