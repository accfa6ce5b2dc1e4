package walk

import (
	"bytes"

	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
)

// Bounds of what is joined: of at most maxRepeated names, at most maxJoined
// bytes each.
const (
	maxRepeated = 8
	maxJoined   = 2 << 10
	repeatSlots = 256
)

// repeats notices parameter names that come more than once. It is a small hash
// table whose entries are outdated by a new epoch instead of being cleared.
type repeats struct {
	slot  [repeatSlots]uint64
	epoch uint64
	seen  bool
	hash  [maxRepeated]uint32
	n     int
}

func (r *repeats) begin() {
	r.epoch++
	r.seen, r.n = false, 0
}

// add notes a name.
func (r *repeats) add(name []byte) {
	h := hashName(name)
	tag := r.epoch<<32 | uint64(h)
	s := &r.slot[h%repeatSlots]
	if *s != tag {
		*s = tag
		return
	}
	for i := 0; i < r.n; i++ {
		if r.hash[i] == h {
			return
		}
	}
	if r.n < maxRepeated {
		r.hash[r.n] = h
		r.n++
		r.seen = true
	}
}

// hashName is FNV-1a.
func hashName(name []byte) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(name); i++ {
		h = (h ^ uint32(name[i])) * 16777619
	}
	return h
}

// joined judges, for every name that query repeats, its values joined by
// commas, as some frameworks hand them to the application.
func (w *Walker) joined(query []byte, depth int, flags decode.Flags) {
	f := w.enter()
	if f == nil {
		return
	}
	n := w.names.n
	hashes := w.names.hash
	for i := 0; i < n; i++ {
		w.joinOne(f, query, hashes[i], depth, flags)
	}
	w.leave()
}

func (w *Walker) joinOne(f *frame, query []byte, hash uint32, depth int, flags decode.Flags) {
	dst := w.scratch(maxJoined, 0)
	if dst == nil {
		return
	}
	parts := 0
	mark := -1
	f.form.Reset()
	f.form.Window(query, true)
	for f.form.Next(&f.field) == decode.Found {
		v := f.field.Value
		if f.field.Kind != decode.KindValue || len(f.field.Name) == 0 || hashName(f.field.Name) != hash {
			continue
		}
		if mark < 0 {
			mark = w.push('.', f.field.Name)
		}
		if parts > 0 {
			dst = append(dst, ',')
		}
		if room := maxJoined - len(dst) - 1; len(v) > room {
			v = v[:room]
		}
		dst, _ = decode.Percent(dst, v, true)
		parts++
		if len(dst) >= maxJoined-1 {
			break
		}
	}
	if parts > 1 {
		arena := w.keep(dst)
		tag := w.pushTag("#join")
		w.value(dst, depth+1, flags|decode.Duplicate)
		w.pop(tag)
		w.release(arena)
	}
	if mark >= 0 {
		w.pop(mark)
	}
}

// pair judges name and value in one when the name itself is an operator or a
// path into an object: user[$ne]=1, __proto__[x]=1, {"$where": "…"}.
func (w *Walker) pair(name, value []byte, kind format, depth int, flags decode.Flags) {
	if !pairable(name) {
		return
	}
	if len(value) > decode.Overlap {
		value = value[:decode.Overlap]
	}
	n := len(name) + 1 + len(value)
	dst := w.scratch(n, 0)
	if dst == nil {
		return
	}
	if kind == asForm {
		dst, _ = decode.Percent(dst, name, true)
		dst = append(dst, '=')
		dst, _ = decode.Percent(dst, value, true)
	} else {
		dst = append(dst, name...)
		dst = append(dst, '=')
		dst = append(dst, value...)
	}
	arena := w.keep(dst)
	mark := w.pushTag("#pair")
	w.judge(dst, depth+1, flags, &w.inner)
	w.pop(mark)
	w.release(arena)
}

// operators are the classes of the bytes that pairable looks for: $ [ %.
const operators = kernel.Shell | kernel.Bracket | kernel.Percent

// pairable tells a name with an operator or a named index from a[], a[0], a.
func pairable(name []byte) bool {
	if bytes.IndexByte(name, '$') >= 0 || bytes.Contains(name, percentDollar) {
		return true
	}
	i := bytes.IndexByte(name, '[')
	if i < 0 {
		i = bytes.Index(name, percentBracket)
		if i < 0 {
			return false
		}
		i += 2
	}
	for i++; i < len(name); i++ {
		if b := name[i] | 0x20; b >= 'a' && b <= 'z' || b == '_'|0x20 {
			return true
		}
	}
	return false
}

var (
	percentBracket = []byte("%5")
	percentDollar  = []byte("%24")
)
