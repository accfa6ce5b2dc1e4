package walk

import (
	"bytes"
	"hash/maphash"

	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/kernel"
)

// Bounds of what is joined: of at most maxRepeated names, at most maxJoined
// bytes each.
const (
	maxRepeated = 8
	maxJoined   = 2 << 10
	// repeatSlots is a power of two; of the names in a window the first maxNames
	// are watched.
	repeatSlots = 1 << 10
	maxNames    = repeatSlots - 1
	// An entry of the table is 8 bits of the epoch and 24 of the hash.
	lastEpoch = 255
	hashBits  = 24
)

// repeats notices parameter names that come more than once. It is a hash table
// with open addressing whose entries are outdated by a new epoch instead of
// being cleared. The hash is keyed, so that nobody outside can fill it unevenly
// or make two names meet; if two do by chance, joinOne, which compares names,
// finds nothing to join.
type repeats struct {
	seed  maphash.Seed
	slot  [repeatSlots]uint32
	epoch uint32
	names int
	label [maxRepeated][maxLabel]byte
	size  [maxRepeated]uint8
	n     int
}

func (r *repeats) begin() {
	if r.epoch == 0 {
		r.seed = maphash.MakeSeed()
	}
	r.epoch++
	if r.epoch > lastEpoch {
		r.slot = [repeatSlots]uint32{}
		r.epoch = 1
	}
	r.names, r.n = 0, 0
}

// add notes a name, which decode.Form has cut to maxLabel bytes.
func (r *repeats) add(name []byte) {
	if len(name) > maxLabel {
		name = name[:maxLabel]
	}
	h := maphash.Bytes(r.seed, name)
	tag := r.epoch<<hashBits | uint32(h>>32)>>(32-hashBits)
	i := h % repeatSlots
	for r.slot[i] != tag {
		if r.slot[i]>>hashBits != r.epoch {
			if r.names < maxNames {
				r.names++
				r.slot[i] = tag
			}
			return
		}
		i = (i + 1) % repeatSlots
	}
	for k := 0; k < r.n; k++ {
		if string(r.repeated(k)) == string(name) {
			return
		}
	}
	if r.n < maxRepeated {
		r.size[r.n] = uint8(copy(r.label[r.n][:], name))
		r.n++
	}
}

// repeated returns the k-th of the repeated names.
func (r *repeats) repeated(k int) []byte { return r.label[k][:r.size[k]] }

// joined judges, for every name that query repeats, its values joined by
// commas, as some frameworks hand them to the application.
func (w *Walker) joined(query []byte, depth int, flags decode.Flags) {
	f := w.enter()
	if f == nil {
		return
	}
	n, labels, sizes := w.names.n, w.names.label, w.names.size
	for i := 0; i < n; i++ {
		w.joinOne(f, query, labels[i][:sizes[i]], depth, flags)
	}
	w.leave()
}

func (w *Walker) joinOne(f *frame, query, name []byte, depth int, flags decode.Flags) {
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
		if f.field.Kind != decode.KindValue || len(f.field.Name) == 0 || string(f.field.Name) != string(name) {
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
