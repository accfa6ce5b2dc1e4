// Package decompress plugs brotli (RFC 7932) and Zstandard (RFC 8878) into the
// engine, whose core knows only what the standard library can read.
//
// Both libraries are pull readers, and the engine pushes: it hands over what
// has arrived and wants back what that expands to, then goes on to other work.
// The bridge is a coroutine (iter.Pull): the reader runs until it wants more
// compressed bytes than there are, and is resumed by the next Write. Nothing
// runs between the calls, so there is no goroutine to race with and none to
// leak once Close, an error or a refusing emit has ended the body.
//
// Memory: these formats refer far back, and what they may refer to has to be
// kept. Until its end a brotli body holds at most 20 MiB (a window of 16 MiB, and
// prefix codes), a zstd body at most 10 MiB (a window of 8 MiB, and a block). A
// body of 1,000 bytes is enough to claim it, so whoever bounds the memory of a
// process must bound the bodies under way at a time. Smaller windows are no way
// out: a body that we refuse and the application reads would be one that
// nobody has looked at.
package decompress

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"

	"github.com/glacis-waf/glacis/core"
)

// chunkBytes is how much decompressed text one call of emit gets at most.
const chunkBytes = 8 << 10

var errStopped = errors.New("decompress: body abandoned")

// All returns every decompressor of this package by its Content-Encoding name,
// ready for core.Config.Decompressors. The map is the caller's.
func All() map[string]core.NewDecompressor {
	return map[string]core.NewDecompressor{"br": NewBrotli, "zstd": NewZstd}
}

// puller is what both libraries offer: a reader that can be used again.
type puller interface {
	io.Reader
	Reset(io.Reader) error
}

// stream is one body on its way through a puller. It is used by one goroutine
// at a time.
type stream struct {
	name    string
	readers *sync.Pool
	sip     int    // how many bytes the reader gets at once; 0: as many as it asks for
	input   []byte // compressed bytes that the reader has not taken yet
	ended   bool   // no more input will come
	stopped bool   // nothing may be called any more
	next    func() (event, bool)
	stop    func()
}

// event is why the coroutine handed back control: decompressed data, the wish
// for more input (no data, no error), or an error.
type event struct {
	data []byte
	err  error
}

// Write feeds compressed bytes and emits what they expand to. It returns when
// all of them are used up, when emit refuses (not an error) or with the
// reader's error; after the last two further calls do nothing.
func (s *stream) Write(compressed []byte, emit func([]byte) bool) error {
	if s.stopped || len(compressed) == 0 {
		return nil
	}
	s.input = compressed
	err := s.run(emit)
	s.input = nil // compressed belongs to the caller
	return err
}

// Close ends the body: what the reader still holds is emitted, an unfinished
// body is an error, and all resources are freed. Further calls do nothing.
func (s *stream) Close(emit func([]byte) bool) error {
	if s.stopped {
		return nil
	}
	s.ended = true
	err := s.run(emit)
	s.end()
	return err
}

// run resumes the coroutine until it wants input that is not there.
func (s *stream) run(emit func([]byte) bool) error {
	if s.next == nil {
		if s.ended {
			return nil // an empty body: no reader was ever needed
		}
		s.next, s.stop = iter.Pull(s.events)
	}
	for {
		ev, ok := s.next()
		switch {
		case !ok:
			s.end()
			return nil
		case ev.err != nil:
			s.end()
			return fmt.Errorf("decompress %s: %w", s.name, ev.err)
		case ev.data == nil:
			return nil
		case !emit(ev.data):
			s.end()
			return nil
		}
	}
}

func (s *stream) end() {
	s.stopped = true
	if s.stop != nil {
		s.stop()
	}
}

// events is the coroutine: it drives the reader and yields what happens.
func (s *stream) events(yield func(event) bool) {
	reader, _ := s.readers.Get().(puller)
	defer func() {
		if reader.Reset(nil) == nil {
			s.readers.Put(reader)
		}
	}()
	source := &source{stream: s, yield: yield}
	if err := reader.Reset(source); err != nil && !source.stopped {
		yield(event{err: err})
		return
	}
	out := make([]byte, chunkBytes)
	for {
		n, err := reader.Read(out)
		if source.stopped || n > 0 && !yield(event{data: out[:n]}) || err == io.EOF {
			return
		}
		if err != nil {
			yield(event{err: err})
			return
		}
	}
}

// source is the reader's input. When it runs dry it suspends the coroutine.
type source struct {
	stream  *stream
	yield   func(event) bool
	stopped bool
}

// Read implements io.Reader.
func (r *source) Read(p []byte) (int, error) {
	for len(r.stream.input) == 0 {
		switch {
		case r.stopped:
			return 0, errStopped
		case r.stream.ended:
			return 0, io.EOF
		}
		r.stopped = !r.yield(event{})
	}
	if sip := r.stream.sip; sip > 0 && len(p) > sip {
		p = p[:sip]
	}
	n := copy(p, r.stream.input)
	r.stream.input = r.stream.input[n:]
	return n, nil
}
