package events

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// The reasons for which an event is dropped, as metrics name them.
const (
	// DropFull: the queue had no room.
	DropFull = "full"
	// DropFailed: the sink refused it for good or for too long.
	DropFailed = "failed"
	// DropClosed: it was still waiting, or came, when the queue closed.
	DropClosed = "closed"
)

// QueueConfig bounds a Queue. The zero value of a field is its default.
type QueueConfig struct {
	// Name is the sink's in metrics, logs and status.
	Name string
	// Records and Bytes are how much may wait; default 8,192 and 16 MiB.
	Records int
	Bytes   int64
	// Backoff is the wait before the first retry; it doubles up to a minute,
	// less a random part. Default 200 ms. Attempts is how often a batch is
	// offered; default 6.
	Backoff  time.Duration
	Attempts int
	// Log is told when a sink begins to fail and when it works again; default
	// slog.Default().
	Log *slog.Logger
}

// Queue feeds a Sink from a bounded queue on a goroutine of its own. It is safe
// for concurrent use.
type Queue struct {
	cfg     QueueConfig
	address string // of the sink; "" for one without
	sink    Sink
	records chan Record
	bytes   atomic.Int64
	done    chan struct{}
	ctx     context.Context // ends when Close has waited long enough
	cancel  context.CancelFunc

	mu     sync.RWMutex // guards closing the channel against Send
	closed bool

	sent, full, failed, late atomic.Uint64
	failing                  atomic.Pointer[string]
}

// Stats is what became of the events of a queue.
type Stats struct {
	// Name is the sink's.
	Name string `json:"name"`
	// Sent arrived; Full, Failed and Closed were dropped for that reason.
	Sent   uint64 `json:"sent"`
	Full   uint64 `json:"dropped_full"`
	Failed uint64 `json:"dropped_failed"`
	Closed uint64 `json:"dropped_closed"`
	// Waiting are in the queue.
	Waiting int `json:"waiting"`
	// Error is why the sink does not take events now; "" if it does.
	Error string `json:"error,omitempty"`
}

// NewQueue starts a queue before a sink.
func NewQueue(sink Sink, cfg QueueConfig) *Queue {
	if cfg.Records <= 0 {
		cfg.Records = 8192
	}
	if cfg.Bytes <= 0 {
		cfg.Bytes = 16 << 20
	}
	if cfg.Backoff <= 0 {
		cfg.Backoff = 200 * time.Millisecond
	}
	if cfg.Attempts <= 0 {
		cfg.Attempts = 6
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	q := &Queue{cfg: cfg, sink: sink, records: make(chan Record, cfg.Records), done: make(chan struct{})}
	q.ctx, q.cancel = context.WithCancel(context.Background())
	go q.run()
	return q
}

// Send hands a record over or drops it; it never waits.
func (q *Queue) Send(r Record) {
	q.mu.RLock()
	defer q.mu.RUnlock()
	size := int64(len(r.Line))
	if q.closed {
		q.late.Add(1)
		return
	}
	if len(r.Line) > LineBytes || q.bytes.Add(size) > q.cfg.Bytes {
		if len(r.Line) <= LineBytes {
			q.bytes.Add(-size)
		}
		q.full.Add(1)
		return
	}
	select {
	case q.records <- r:
	default:
		q.bytes.Add(-size)
		q.full.Add(1)
	}
}

// Close delivers what waits until ctx ends, drops the rest and closes the sink.
func (q *Queue) Close(ctx context.Context) error {
	q.mu.Lock()
	already := q.closed
	q.closed = true
	q.mu.Unlock()
	if already {
		<-q.done
		return nil
	}
	close(q.records)
	select {
	case <-q.done:
	case <-ctx.Done():
		q.cancel()
		<-q.done
	}
	q.cancel()
	return q.sink.Close()
}

// Stats returns a snapshot.
func (q *Queue) Stats() Stats {
	s := Stats{Name: q.cfg.Name, Sent: q.sent.Load(), Full: q.full.Load(), Failed: q.failed.Load(), Closed: q.late.Load(), Waiting: len(q.records)}
	if text := q.failing.Load(); text != nil {
		s.Error = *text
	}
	return s
}

// run delivers until the queue is closed and empty.
func (q *Queue) run() {
	defer close(q.done)
	size, linger := 256, time.Duration(0)
	if b, ok := q.sink.(batching); ok {
		size, linger = b.batch()
	}
	batch := make([]Record, 0, size)
	for first := range q.records {
		batch = q.collect(append(batch[:0], first), size, linger)
		var total int64
		for _, r := range batch {
			total += int64(len(r.Line))
		}
		q.deliver(batch)
		clear(batch)
		q.bytes.Add(-total)
	}
}

// collect adds what waits, and what comes within linger, up to size records.
func (q *Queue) collect(batch []Record, size int, linger time.Duration) []Record {
	var expired <-chan time.Time
	if linger > 0 {
		timer := time.NewTimer(linger)
		defer timer.Stop()
		expired = timer.C
	}
	for len(batch) < size {
		select {
		case r, ok := <-q.records:
			if !ok {
				return batch
			}
			batch = append(batch, r)
			continue
		default:
		}
		if expired == nil {
			return batch
		}
		select {
		case r, ok := <-q.records:
			if !ok {
				return batch
			}
			batch = append(batch, r)
		case <-expired:
			return batch
		}
	}
	return batch
}

// deliver offers a batch until it has arrived, has been refused for good or has
// been offered often enough.
func (q *Queue) deliver(batch []Record) {
	wait := q.cfg.Backoff
	for attempt := 1; len(batch) > 0; attempt++ {
		if q.ctx.Err() != nil {
			q.late.Add(uint64(len(batch)))
			return
		}
		n, err := q.sink.Write(q.ctx, batch)
		q.sent.Add(uint64(n))
		batch = batch[n:]
		q.note(err)
		if n > 0 {
			attempt, wait = 1, q.cfg.Backoff
		}
		if err == nil && n > 0 {
			continue
		}
		if given := min(refused(err), len(batch)); given > 0 {
			q.failed.Add(uint64(given))
			batch, attempt = batch[given:], 0
			continue
		}
		if attempt >= q.cfg.Attempts {
			q.failed.Add(uint64(len(batch)))
			return
		}
		select {
		case <-time.After(max(wait/2+rand.N(wait/2+1), later(err))):
		case <-q.ctx.Done():
		}
		wait = min(2*wait, time.Minute)
	}
}

// note remembers whether the sink works, and says so when that changes.
func (q *Queue) note(err error) {
	was := q.failing.Load()
	if err == nil {
		if was != nil {
			q.failing.Store(nil)
			q.cfg.Log.Info("event sink works again", slog.String("sink", q.cfg.Name))
		}
		return
	}
	text := err.Error()
	q.failing.Store(&text)
	if was == nil {
		q.cfg.Log.Error("event sink fails", slog.String("sink", q.cfg.Name), slog.String("error", text))
	}
}
