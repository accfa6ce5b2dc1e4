package main

import (
	"bufio"
	"sync"
	"time"
)

// flushDelay is how long a line may wait in the buffer.
const flushDelay = 50 * time.Millisecond

// idleFlusher buffers output and flushes it when no more comes, so that lines
// appear at once when requests trickle in and cheaply when they pour.
type idleFlusher struct {
	mu    sync.Mutex
	w     *bufio.Writer
	timer *time.Timer
	armed bool
}

func (f *idleFlusher) write(p []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err := f.w.Write(p)
	if !f.armed {
		f.armed = true
		if f.timer == nil {
			f.timer = time.AfterFunc(flushDelay, func() { _ = f.flush() }) // bufio keeps the error for the next write
		} else {
			f.timer.Reset(flushDelay)
		}
	}
	return err
}

// flush writes what is buffered.
func (f *idleFlusher) flush() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = false
	return f.w.Flush()
}
