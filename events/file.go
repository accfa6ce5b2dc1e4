package events

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// fileSink appends lines to a file and rotates it: the file of today keeps its
// name, older ones get the time at which they ended, "events.jsonl" becomes
// "events.jsonl.20261122T100000.000Z". A file that another program moved away
// is opened anew, so logrotate works too.
type fileSink struct {
	path    string
	format  Format
	maxSize int64         // bytes at which a file ends, 0 for never
	maxAge  time.Duration // of its first line at which a file ends, 0 for never
	keep    int           // ended files, 0 for all
	now     func() time.Time

	file  *os.File
	size  int64
	begun time.Time
	buf   []byte
}

// fileStamp is the time in the names of ended files; they sort by it.
const fileStamp = "20060102T150405.000Z"

// Write implements Sink.
func (s *fileSink) Write(_ context.Context, batch []Record) (int, error) {
	buf, n, bad := appendLines(s.buf[:0], s.format, batch)
	s.buf = buf
	if len(buf) == 0 {
		return n, bad
	}
	if err := s.ready(int64(len(buf))); err != nil {
		return 0, err
	}
	wrote, err := s.file.Write(buf)
	if err != nil {
		if wrote > 0 {
			// Half a line is worse than none; the batch comes again whole.
			err = errors.Join(err, s.file.Truncate(s.size))
		}
		return 0, fmt.Errorf("write: %w", err)
	}
	s.size += int64(wrote)
	return n, bad
}

// ready opens the file, or the next one if this one is to end before more bytes
// are added or is not where it was.
func (s *fileSink) ready(more int64) error {
	if s.file != nil && s.moved() {
		err := s.file.Close()
		s.file = nil
		if err != nil {
			return fmt.Errorf("close the file that was moved away: %w", err)
		}
	}
	if s.file == nil {
		if err := s.open(); err != nil {
			return err
		}
	}
	full := s.maxSize > 0 && s.size+more > s.maxSize
	old := s.maxAge > 0 && s.now().Sub(s.begun) >= s.maxAge
	if s.size == 0 || !full && !old {
		return nil
	}
	return s.rotate()
}

// moved says whether the path is no longer the open file's.
func (s *fileSink) moved() bool {
	at, err := os.Stat(s.path)
	if err != nil {
		return true
	}
	open, err := s.file.Stat()
	return err != nil || !os.SameFile(at, open)
}

// open opens the file for appending. Only its owner and group read it: events
// tell what clients did.
func (s *fileSink) open() error {
	f, err := os.OpenFile(s.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o640)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New(s.path + " is no regular file")
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	s.file, s.size, s.begun = f, info.Size(), s.now()
	if s.size > 0 {
		s.begun = begunAt(s.path, info.ModTime())
	}
	return nil
}

// begunAt is the time of a file's first event, or else the given one.
func begunAt(path string, otherwise time.Time) time.Time {
	f, err := os.Open(path)
	if err != nil {
		return otherwise
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, LineBytes+1)
	if lines.Scan() {
		if m, err := (Record{Line: lines.Bytes()}).Members(); err == nil && !m.Time().IsZero() {
			return m.Time()
		}
	}
	return otherwise
}

// rotate ends the file, opens the next and removes those beyond keep.
func (s *fileSink) rotate() error {
	err := s.file.Close()
	s.file = nil
	if err != nil {
		return fmt.Errorf("rotate: %w", err)
	}
	end, name := s.now().UTC(), ""
	for {
		name = s.path + "." + end.Format(fileStamp)
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			break
		}
		end = end.Add(time.Millisecond)
	}
	if err := os.Rename(s.path, name); err != nil {
		return fmt.Errorf("rotate: %w", err)
	}
	if err := s.open(); err != nil {
		return fmt.Errorf("rotate: %w", err)
	}
	return s.prune()
}

// prune removes the oldest of the ended files beyond keep.
func (s *fileSink) prune() error {
	if s.keep <= 0 {
		return nil
	}
	entries, err := os.ReadDir(filepath.Dir(s.path))
	if err != nil {
		return fmt.Errorf("rotate: %w", err)
	}
	var ended []string
	prefix := filepath.Base(s.path) + "."
	for _, e := range entries {
		if name := e.Name(); len(name) == len(prefix)+len(fileStamp) && name[:len(prefix)] == prefix {
			if _, err := time.Parse(fileStamp, name[len(prefix):]); err == nil {
				ended = append(ended, name)
			}
		}
	}
	slices.Sort(ended)
	for len(ended) > s.keep {
		if err := os.Remove(filepath.Join(filepath.Dir(s.path), ended[0])); err != nil {
			return fmt.Errorf("rotate: %w", err)
		}
		ended = ended[1:]
	}
	return nil
}

// Close implements Sink.
func (s *fileSink) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}
