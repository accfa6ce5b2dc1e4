package kong

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"hash"
	"sync"
	"sync/atomic"

	"github.com/dgraph-io/ristretto/v2"
	"github.com/minio/highwayhash"

	"github.com/glacis-waf/glacis/core"
)

// cache remembers verdicts of the whole process. A verdict is a pure function
// of model, settings and the bytes inspected, so an entry never goes stale; it
// leaves when room is needed. Its key is a HighwayHash of 128 bits with a random
// key of 256 bits a process: who does not know it cannot make a request that is
// taken for another one. It is safe for concurrent use; nil caches nothing.
type cache struct {
	entries *ristretto.Cache[key, core.Verdict]
	secret  [highwayhash.Size]byte
	hashes  sync.Pool
	// seen has a trace of the keys that came once: to keep a verdict costs more
	// than to find it again, and most requests never come again.
	seen []atomic.Uint64
}

// traces is the number of keys of which a trace is kept, a power of two.
const traces = 1 << 16

// key is the 128-bit hash, the second half of which ristretto compares.
type key = []byte

// entryBytes is what an entry costs besides the text of its verdict, measured
// as the growth of the heap by a clean verdict.
const entryBytes = 640

// newCache makes a cache of at most size bytes; 0 means none.
func newCache(size int64) (*cache, error) {
	if size <= 0 {
		return nil, nil
	}
	c := &cache{seen: make([]atomic.Uint64, traces)}
	rand.Read(c.secret[:])
	var err error
	c.entries, err = ristretto.NewCache(&ristretto.Config[key, core.Verdict]{
		NumCounters: max(1024, size/entryBytes*10), MaxCost: size, BufferItems: 64, IgnoreInternalCost: true,
		KeyToHash: func(k key) (uint64, uint64) {
			return binary.LittleEndian.Uint64(k), binary.LittleEndian.Uint64(k[8:])
		}})
	if err != nil {
		return nil, fmt.Errorf("make verdict cache of %d bytes: %w", size, err)
	}
	c.hashes.New = func() any {
		h, err := highwayhash.New128(c.secret[:])
		if err != nil {
			panic(err) // only for a key of another length
		}
		return &fingerprint{hash: h}
	}
	return c, nil
}

// close ends the cache's goroutine.
func (c *cache) close() {
	if c != nil {
		c.entries.Close()
	}
}

// find returns the verdict for a key.
func (c *cache) find(k key) (core.Verdict, bool) { return c.entries.Get(k) }

// keep remembers a verdict when its key comes for the second time. Under
// pressure it may not.
func (c *cache) keep(k key, v core.Verdict) {
	trace := binary.LittleEndian.Uint64(k)
	if c.seen[binary.LittleEndian.Uint64(k[8:])%traces].Swap(trace) != trace {
		return
	}
	cost := int64(entryBytes + len(v.Location) + len(v.Window))
	for i := range v.Findings {
		f := &v.Findings[i]
		cost += int64(128 + len(f.Location) + len(f.Window))
		for j := range f.Tokens {
			cost += int64(24 + len(f.Tokens[j].Text))
		}
	}
	c.entries.Set(k, v, cost)
}

// fingerprint hashes what was inspected, every part with its length, so that no
// two requests have the same bytes.
type fingerprint struct {
	hash hash.Hash
	buf  []byte
}

func (c *cache) fingerprint() *fingerprint {
	f, _ := c.hashes.Get().(*fingerprint)
	f.hash.Reset()
	f.buf = f.buf[:0]
	return f
}

func (c *cache) release(f *fingerprint) { c.hashes.Put(f) }

// head adds policy, model generation, request line and headers.
func (f *fingerprint) head(policy uint64, h *head) {
	f.buf = binary.LittleEndian.AppendUint64(f.buf, policy)
	f.buf = f.part(f.part(f.buf, h.method), h.target)
	f.buf = binary.LittleEndian.AppendUint32(f.buf, uint32(len(h.headers)))
	for i := range h.headers {
		f.buf = f.part(f.part(f.buf, h.headers[i].Name), h.headers[i].Value)
	}
	f.hash.Write(f.buf)
}

func (f *fingerprint) part(dst []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint32(dst, uint32(len(s))), s...)
}

// body adds the body; a request without one and one with an empty one differ.
func (f *fingerprint) body(p []byte) {
	f.buf = binary.LittleEndian.AppendUint32(f.buf[:0], uint32(len(p)))
	f.hash.Write(f.buf)
	f.hash.Write(p)
}

// sum appends the hash of what was added so far.
func (f *fingerprint) sum(dst key) key { return f.hash.Sum(dst) }
