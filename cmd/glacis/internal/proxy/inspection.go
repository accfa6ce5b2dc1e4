package proxy

import (
	"net/http"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/events/metrics"
)

// The faults of an inspection, as they appear in events and metrics.
const (
	faultPanic   = "panic"
	faultTimeout = "timeout"
)

// inspection drives one Transaction and keeps its faults from the proxy: a
// panic or an overdrawn time budget ends the inspection, never the request. The
// body is read on the transport's goroutine, so every method locks.
type inspection struct {
	mu      sync.Mutex
	tx      Transaction // nil after the end or a fault
	verdict core.Verdict
	fault   string // one of policy.Faults, "" while all is well
	ended   bool
	spent   metrics.Spent
	budget  time.Duration
	fed     int64  // body bytes shown to the engine
	panic   any    // what was recovered
	sample  []byte // the beginning of the body, up to its capacity
}

func beginInspection(i Inspector, budget time.Duration) *inspection {
	in := &inspection{budget: budget}
	in.verdict.Model = i.Model()
	in.step(metrics.Head, func(Transaction) core.Verdict {
		in.tx = i.Begin()
		return in.verdict
	})
	return in
}

// step runs f under the guard. After a panic the transaction is in an unknown
// state: it is dropped, not returned to the pool.
func (in *inspection) step(stage metrics.Stage, f func(Transaction) core.Verdict) {
	if in.fault != "" || in.ended {
		return
	}
	started := time.Now()
	defer func() {
		in.spent[stage] += time.Since(started)
		if p := recover(); p != nil {
			in.fault, in.panic, in.tx = faultPanic, p, nil
		} else if in.spent.Total() > in.budget {
			in.fault = faultTimeout
		}
	}()
	in.verdict = f(in.tx)
}

// transaction is the one under way, nil after a fault.
func (in *inspection) transaction() Transaction {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.tx
}

// request shows request line and headers. Names are sorted because net/http
// has forgotten their order and a verdict must not depend on that of a map.
func (in *inspection) request(r *http.Request, source string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.step(metrics.Head, func(tx Transaction) core.Verdict {
		if s, ok := tx.(interface{ Source(string) }); ok {
			s.Source(source)
		}
		tx.RequestLine(r.Method, r.RequestURI)
		tx.Header("Host", r.Host)
		for _, name := range sortedNames(r.Header) {
			for _, value := range r.Header[name] {
				tx.Header(name, value)
			}
		}
		if len(r.TransferEncoding) > 0 {
			tx.Header("Transfer-Encoding", strings.Join(r.TransferEncoding, ", "))
		}
		if len(r.Trailer) > 0 {
			tx.Header("Trailer", strings.Join(sortedNames(r.Trailer), ", "))
		}
		return tx.EndHeaders()
	})
}

func sortedNames(h http.Header) []string {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// body shows a piece of the body.
func (in *inspection) body(chunk []byte) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.step(metrics.Body, func(tx Transaction) core.Verdict {
		in.fed += int64(len(chunk))
		in.sample = append(in.sample, chunk[:min(len(chunk), cap(in.sample)-len(in.sample))]...)
		return tx.Body(chunk)
	})
}

// failMode notes what the policy says of faults, before the first verdict does.
func (in *inspection) failMode(f *policy.FailMode) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.verdict.FailMode = f
}

// keep has up to n bytes of the body kept.
func (in *inspection) keep(n int) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.sample = make([]byte, 0, n)
}

// kept returns what was kept of the body so far.
func (in *inspection) kept() string {
	in.mu.Lock()
	defer in.mu.Unlock()
	return string(in.sample)
}

// end shows the trailers and takes the final verdict. Only the first call
// counts.
func (in *inspection) end(trailer http.Header) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.step(metrics.End, func(tx Transaction) core.Verdict {
		for _, name := range sortedNames(trailer) {
			for _, value := range trailer[name] {
				tx.Trailer(name, value)
			}
		}
		return tx.End()
	})
	in.ended = true
}

// close ends the inspection and frees the transaction.
func (in *inspection) close() {
	in.end(nil)
	in.mu.Lock()
	defer in.mu.Unlock()
	tx := in.tx
	in.tx = nil
	if tx == nil {
		return
	}
	defer func() {
		if p := recover(); p != nil && in.fault == "" {
			in.fault, in.panic = faultPanic, p
		}
	}()
	tx.Close()
}

// result is a snapshot of what is known so far.
type result struct {
	core.Verdict
	fault  string
	panic  any
	stages metrics.Spent
	fed    int64
	ended  bool
}

func (in *inspection) result() result {
	in.mu.Lock()
	defer in.mu.Unlock()
	return result{in.verdict, in.fault, in.panic, in.spent, in.fed, in.ended}
}
