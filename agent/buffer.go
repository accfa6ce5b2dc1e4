package agent

import "sync"

// buffer holds items of bytes until they are taken, in at most a number of
// bytes. The memory is used again.
type buffer struct {
	mu     sync.Mutex
	data   []byte
	ends   []int
	limit  int
	closed bool
	// ready has one token when there is something to take or the end has come.
	ready chan struct{}
}

func (b *buffer) init(limit int) { b.limit, b.ready = limit, make(chan struct{}, 1) }

// add copies an item in; false says that there is no room.
func (b *buffer) add(item []byte) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed || len(b.data)+len(item) > b.limit {
		return false
	}
	b.data = append(b.data, item...)
	b.ends = append(b.ends, len(b.data))
	b.wake()
	return true
}

func (b *buffer) wake() {
	select {
	case b.ready <- struct{}{}:
	default:
	}
}

// size returns how many bytes wait.
func (b *buffer) size() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.data)
}

// take moves items out, in order, as long as put takes them.
func (b *buffer) take(put func(item []byte) bool) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	from := 0
	for _, end := range b.ends {
		if !put(b.data[from:end]) {
			break
		}
		from, n = end, n+1
	}
	b.data = append(b.data[:0], b.data[from:]...)
	b.ends = append(b.ends[:0], b.ends[n:]...)
	for i := range b.ends {
		b.ends[i] -= from
	}
	return n
}

func (b *buffer) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.wake()
}

// over reports whether nothing waits and nothing comes.
func (b *buffer) over() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.closed && len(b.ends) == 0
}

func (b *buffer) isClosed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.closed
}
