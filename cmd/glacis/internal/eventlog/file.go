package eventlog

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// maxLine bounds a line of a log, in bytes; a longer one is no event.
const maxLine = 1 << 20

// pollInterval is how often a file that is followed is looked at.
const pollInterval = 250 * time.Millisecond

// Read calls take with every event of a log.
func Read(in io.Reader, take func(*Event) error) error {
	return newLines(in).drain(take)
}

// lines cuts a log that may still grow into lines.
type lines struct {
	in      *bufio.Reader
	partial []byte
	long    bool // the line is too long to be an event
}

func newLines(in io.Reader) *lines { return &lines{in: bufio.NewReaderSize(in, 64<<10)} }

// drain takes what is there; a line without its end waits for the rest.
func (l *lines) drain(take func(*Event) error) error {
	for {
		piece, err := l.in.ReadSlice('\n')
		if !l.long {
			l.partial = append(l.partial, piece...)
		}
		l.long = l.long || len(l.partial) > maxLine
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return err
		case err != nil:
			return l.last(take)
		}
		line, long := l.partial, l.long
		l.partial, l.long = l.partial[:0], false
		if e, ok := Parse(line); ok && !long {
			if err := take(&e); err != nil {
				return err
			}
		}
	}
}

// last takes a line that is whole but for its end, as that of a finished file
// may be.
func (l *lines) last(take func(*Event) error) error {
	e, ok := Parse(l.partial)
	if !ok || l.long {
		return nil
	}
	l.partial = l.partial[:0]
	return take(&e)
}

// FollowFile reads a file, waits for more until ctx ends, and goes on with the
// next when the file is rotated.
func FollowFile(ctx context.Context, path string, take func(*Event) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { f.Close() }()
	in := newLines(f)
	for {
		if err := in.drain(take); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pollInterval):
		}
		next, err := successor(f, path)
		if err != nil {
			return err
		}
		if next == nil {
			continue
		}
		// What was written between the last look and the rotation.
		err = in.drain(take)
		f.Close()
		f, in = next, newLines(next)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
}

// successor opens the file that stands at path now if it is another one or was
// cut; nil if it is the same or there is none at the moment.
func successor(f *os.File, path string) (*os.File, error) {
	now, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	was, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if os.SameFile(now, was) {
		at, err := f.Seek(0, io.SeekCurrent)
		if err != nil || now.Size() >= at {
			return nil, err
		}
	}
	return os.Open(path)
}
