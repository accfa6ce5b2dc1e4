package policy

import (
	"net/netip"
	"sync"
	"time"
)

// rateRule is a compiled RateLimit.
type rateRule struct {
	name    string
	prevent bool
	assets  map[int]bool
	globs   []*pattern
	methods map[string]bool
	perNano float64 // tokens that come back in a nanosecond
	burst   float64
}

const (
	rateShards = 16
	rateSets   = 256 // of one shard
	rateWays   = 4   // buckets of one set
)

// Limiter counts requests by rule and source. Its memory is fixed, about
// 500 KiB: when more than 16,384 pairs are active, those that were idle longest
// are forgotten. It is safe for concurrent use.
type Limiter struct {
	policy *Policy
	seed   uint64
	shards [rateShards]rateShard
}

type rateShard struct {
	mu      sync.Mutex
	buckets []bucket
}

// bucket is a token bucket; key 0 is a free one.
type bucket struct {
	key    uint64
	tokens float64
	last   int64 // nanoseconds
}

// NewLimiter makes a Limiter for the rate limits of a policy, nil if it has
// none. seed should be hard to guess: it decides which sources share a set.
func (p *Policy) NewLimiter(seed uint64) *Limiter {
	if len(p.rates) == 0 {
		return nil
	}
	l := &Limiter{policy: p, seed: seed}
	for i := 0; i < rateShards; i++ {
		l.shards[i].buckets = make([]bucket, rateSets*rateWays)
	}
	return l
}

// Overrun is a rate limit that a request exceeds.
type Overrun struct {
	// Name of the limit; "" if none is exceeded.
	Name string
	// Prevent is false when the limit's mode is detect.
	Prevent bool
	// Retry is after how long the next request will be in order.
	Retry time.Duration
}

// Take counts a request of an asset (Verdict.Asset) against every limit that
// holds for it, and returns the first one exceeded, those that prevent before
// those that only report. A source that is no address is not counted. An IPv6
// source is its /64 network, which is what one customer gets.
func (l *Limiter) Take(asset, method, uri, source string, now time.Time) Overrun {
	var over Overrun
	a, ok := parseAddress(source)
	if !ok {
		return over
	}
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			a = p.Addr()
		}
	}
	_, raw := target(uri)
	path := string(plain(make([]byte, 0, 256), []byte(raw)))
	number := l.policy.names[asset]
	for i := 0; i < len(l.policy.rates); i++ {
		r := &l.policy.rates[i]
		if !r.holds(number, method, path) {
			continue
		}
		wait := l.take(r, i, a, now.UnixNano())
		if wait > 0 && (over.Name == "" || r.prevent && !over.Prevent) {
			over = Overrun{Name: r.name, Prevent: r.prevent, Retry: wait}
		}
	}
	return over
}

func (r *rateRule) holds(asset int, method, path string) bool {
	if r.assets != nil && !r.assets[asset] || r.methods != nil && !r.methods[method] {
		return false
	}
	for i := 0; i < len(r.globs); i++ {
		if r.globs[i].match(path) {
			return true
		}
	}
	return len(r.globs) == 0
}

// take takes a token; it returns how long until there is one, 0 if there was.
func (l *Limiter) take(r *rateRule, number int, a netip.Addr, now int64) time.Duration {
	key := l.key(number, a)
	s := &l.shards[key%rateShards]
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.find(key, r.burst, now)
	if d := now - b.last; d > 0 {
		b.tokens += float64(d) * r.perNano
		if b.tokens > r.burst {
			b.tokens = r.burst
		}
		b.last = now
	}
	if b.tokens < 1 {
		return time.Duration((1-b.tokens)/r.perNano) + 1
	}
	b.tokens--
	return 0
}

// find returns the bucket of a key; a new one takes the place of the one in
// its set that was used least recently.
func (s *rateShard) find(key uint64, burst float64, now int64) *bucket {
	start := int(key/rateShards%rateSets) * rateWays
	oldest := start
	for i := start; i < start+rateWays; i++ {
		if s.buckets[i].key == key {
			return &s.buckets[i]
		}
		if s.buckets[i].key == 0 || s.buckets[oldest].key != 0 && s.buckets[i].last < s.buckets[oldest].last {
			oldest = i
		}
	}
	s.buckets[oldest] = bucket{key: key, tokens: burst, last: now}
	return &s.buckets[oldest]
}

// key hashes a rule and an address (FNV-1a with a seed and a final mix).
func (l *Limiter) key(number int, a netip.Addr) uint64 {
	const prime = 1099511628211
	h := l.seed ^ 14695981039346656037
	h = (h ^ uint64(number)) * prime
	bytes := a.As16()
	for i := 0; i < len(bytes); i++ {
		h = (h ^ uint64(bytes[i])) * prime
	}
	h ^= h >> 32
	h *= 0x9e3779b97f4a7c15
	h ^= h >> 29
	if h == 0 {
		h = 1
	}
	return h
}
