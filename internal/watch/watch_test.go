package watch

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// TestPoll reports what happened, and only that, and ends with its context.
func TestPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		bad := errors.New("bad")
		steps := []struct {
			did bool
			err error
		}{{false, nil}, {true, nil}, {false, bad}, {true, bad}}
		asked, ended := 0, make(chan struct{})
		var got []error
		begun := time.Now()
		go func() {
			defer close(ended)
			Poll(ctx, time.Minute, func(context.Context) (bool, error) {
				s := steps[asked]
				asked++
				return s.did, s.err
			}, func(err error) {
				if got = append(got, err); len(got) == 2 {
					stop()
				}
			})
		}()
		<-ended
		if want := []error{nil, bad}; !slices.Equal(got, want) || asked != len(steps) || time.Since(begun) != 4*time.Minute {
			t.Errorf("%v after %d looks in %v", got, asked, time.Since(begun))
		}
	})
}
