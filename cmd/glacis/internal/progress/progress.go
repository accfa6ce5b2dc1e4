// Package progress draws a progress bar on a terminal, and nothing elsewhere.
package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/term"
)

const (
	interval = 200 * time.Millisecond
	width    = 30
	erase    = "\r\x1b[K"
)

// Bar shows how many of the input's bytes have been read. Its methods but
// Reader's Read are for one goroutine.
type Bar struct {
	out   io.Writer // nil: not a terminal, draw nothing
	total int64     // 0: unknown
	read  atomic.Int64
	start time.Time
	drawn atomic.Int64 // time of the last drawing, Unix nanoseconds
}

// New makes a bar for the files if out is a terminal. Where a file's size is
// unknown (a pipe) only the bytes read are shown.
func New(out io.Writer, files []string) *Bar {
	b := &Bar{start: time.Now()}
	if f, ok := out.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		return b
	}
	b.out = out
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil || !info.Mode().IsRegular() {
			b.total = 0
			return b
		}
		b.total += info.Size()
	}
	return b
}

// Reader returns a reader that moves the bar.
func (b *Bar) Reader(r io.Reader) io.Reader {
	if b.out == nil {
		return r
	}
	return &barReader{r, b}
}

type barReader struct {
	r io.Reader
	b *Bar
}

// Read implements io.Reader.
func (r *barReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	r.b.read.Add(int64(n))
	r.b.draw()
	return n, err
}

// draw draws the bar if it is time to. Nothing is drawn in the first second,
// so that short work shows no bar at all.
func (b *Bar) draw() {
	now := time.Now()
	if now.Sub(b.start) < time.Second || now.UnixNano()-b.drawn.Load() < int64(interval) {
		return
	}
	b.drawn.Store(now.UnixNano())
	fmt.Fprint(b.out, erase+text(b.read.Load(), b.total, now.Sub(b.start)))
}

// text is the bar: how much, how fast, how long still.
func text(read, total int64, elapsed time.Duration) string {
	mib := float64(read) / (1 << 20)
	rate := mib / elapsed.Seconds()
	if total <= 0 {
		return fmt.Sprintf("%.1f MiB, %.1f MiB/s", mib, rate)
	}
	read = min(read, total)
	full := int(width * read / total)
	left := time.Duration(0)
	if read > 0 {
		left = time.Duration(float64(elapsed) * float64(total-read) / float64(read)).Round(time.Second)
	}
	return fmt.Sprintf("[%s%s] %3d %%, %.1f MiB/s, %s left",
		strings.Repeat("=", full), strings.Repeat(" ", width-full), 100*read/total, rate, left)
}

// Clear removes the bar from the screen until it is drawn again.
func (b *Bar) Clear() {
	if b.out != nil && b.drawn.Load() > 0 {
		fmt.Fprint(b.out, erase)
	}
}

// Done removes the bar for good. It may be called more than once.
func (b *Bar) Done() {
	b.Clear()
	b.out = nil
}
