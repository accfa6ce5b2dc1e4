package events

import (
	"context"
	"errors"
	"time"
)

// Sink keeps events somewhere. One goroutine at a time uses it, its Queue's.
type Sink interface {
	// Write delivers a batch in order and returns how many records of it have
	// arrived. With an error the rest is offered again later, unless the error
	// is Permanent. It returns soon after ctx ends.
	Write(ctx context.Context, batch []Record) (delivered int, err error)
	// Close lets go of files and connections.
	Close() error
}

// batching is what a sink wants of its queue; without it a record goes on at
// once, alone or with those that wait already.
type batching interface {
	// batch returns how many records to deliver at a time at most, and how long
	// to wait for more after the first.
	batch() (records int, linger time.Duration)
}

// permanentError says that offering the same records again is of no use.
type permanentError struct {
	error
	records int
}

// Unwrap serves errors.Is and errors.As.
func (e permanentError) Unwrap() error { return e.error }

// Permanent marks an error of Sink.Write: that many records behind those that
// were delivered are dropped instead of being offered again.
func Permanent(err error, records int) error { return permanentError{err, records} }

// refused returns how many records an error gives up, 0 for one that may pass.
func refused(err error) int {
	var p permanentError
	if !errors.As(err, &p) {
		return 0
	}
	return p.records
}

// laterError says when to try again at the earliest.
type laterError struct {
	error
	after time.Duration
}

// Unwrap serves errors.Is and errors.As.
func (e laterError) Unwrap() error { return e.error }

// later returns for how long an error asks to wait, at most a minute.
func later(err error) time.Duration {
	var l laterError
	if !errors.As(err, &l) {
		return 0
	}
	return min(l.after, time.Minute)
}
