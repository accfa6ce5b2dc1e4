package profile

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strconv"
)

// Profile is a loaded snapshot: immutable, safe for concurrent use. It keeps
// the bytes it was loaded from and reads tables in place.
type Profile struct {
	version    string
	generation uint64
	created    int64
	settled    bool
	assets     []place
	exact      map[string]int
	nodes      []byte // keys
	flags      []byte
	keys       []byte // of parameters
	offsets    []byte
	records    []byte
}

// place is an asset ready for look-ups.
type place struct {
	Asset
	root uint64
	// next is the next asset of the same exact host, or -1.
	next int
}

// Load checks a snapshot and makes a Profile of it, which keeps data.
func Load(data []byte) (*Profile, error) {
	if len(data) < headSize || string(data[:8]) != magic {
		return nil, errors.New("load profile: no snapshot of format " + magic)
	}
	le := binary.LittleEndian
	if uint64(le.Uint32(data[8:])) != uint64(len(data)) || len(data) > MaxSnapshot {
		return nil, errors.New("load profile: size does not match: truncated?")
	}
	sum := sha256.Sum256(data[bodyAt:])
	if !bytes.Equal(sum[:], data[sumAt:bodyAt]) {
		return nil, errors.New("load profile: checksum does not match: damaged")
	}
	p := &Profile{generation: le.Uint64(data[bodyAt:]), created: int64(le.Uint64(data[bodyAt+8:]))}
	p.version = strconv.FormatUint(p.generation, 10) + "-" + hex.EncodeToString(sum[:4])
	nassets, nnodes, nparams := int(le.Uint16(data[countsAt:])), int(le.Uint32(data[countsAt+2:])), int(le.Uint32(data[countsAt+6:]))
	if nassets > MaxAssets || nnodes > MaxNodes || nparams > MaxRecords {
		return nil, errors.New("load profile: too many assets, nodes or parameters")
	}
	r := reader{data: data, at: headSize}
	p.loadAssets(&r, nassets)
	p.settled = nassets > 0
	for i := 0; i < len(p.assets); i++ {
		p.settled = p.settled && p.assets[i].Flags&AssetMature != 0
	}
	p.nodes = r.take(8 * nnodes)
	p.flags = r.take(nnodes)
	p.keys = r.take(8 * nparams)
	p.offsets = r.take(4 * (nparams + 1))
	p.records = data[r.at:]
	if r.bad {
		return nil, errors.New("load profile: tables are longer than the file")
	}
	if !ascending(p.nodes) || !ascending(p.keys) {
		return nil, errors.New("load profile: keys are not in order")
	}
	for i := 0; i < nparams; i++ {
		if !p.sound(i) {
			return nil, errors.New("load profile: parameter " + strconv.Itoa(i) + " is malformed")
		}
	}
	if int(le.Uint32(p.offsets[4*nparams:])) != len(p.records) {
		return nil, errors.New("load profile: bytes behind the last parameter")
	}
	return p, nil
}

func (p *Profile) loadAssets(r *reader, n int) {
	p.exact = make(map[string]int)
	for i := 0; i < n && !r.bad; i++ {
		f := r.take(1)
		name, host, base := r.short(), r.short(), r.short()
		if r.bad {
			return
		}
		a := place{next: -1}
		a.Name, a.Host, a.Base, a.Flags = string(name), string(host), string(base), f[0]
		a.root = Root(a.Name)
		p.assets = append(p.assets, a)
		if last, ok := p.exact[a.Host]; ok {
			for p.assets[last].next >= 0 {
				last = p.assets[last].next
			}
			p.assets[last].next = i
		} else {
			p.exact[a.Host] = i
		}
	}
}

func ascending(keys []byte) bool {
	for i := 8; i < len(keys); i += 8 {
		if binary.LittleEndian.Uint64(keys[i-8:]) >= binary.LittleEndian.Uint64(keys[i:]) {
			return false
		}
	}
	return true
}

// sound checks the bounds of record i against its own counts.
func (p *Profile) sound(i int) bool {
	le := binary.LittleEndian
	from, to := int(le.Uint32(p.offsets[4*i:])), int(le.Uint32(p.offsets[4*i+4:]))
	if from > to || to > len(p.records) || to-from < fixedSize || i == 0 && from != 0 {
		return false
	}
	b := p.records[from:to]
	return b[1] <= MaxEnums && b[2] <= MaxFamiliar && b[18] <= b[2] && len(b) == fixedSize+4*int(b[1])+2*int(b[2])
}

// Version names the snapshot: its generation and the beginning of its
// checksum.
func (p *Profile) Version() string { return p.version }

// Generation grows with every snapshot of a deployment.
func (p *Profile) Generation() uint64 { return p.generation }

// Created is when the snapshot was made, in Unix seconds.
func (p *Profile) Created() int64 { return p.created }

// Params returns the number of parameters in the profile.
func (p *Profile) Params() int { return len(p.keys) / 8 }

// Settled reports whether every asset is mature.
func (p *Profile) Settled() bool { return p.settled }

// find returns the index of a key in a sorted table, or -1.
func find(keys []byte, key uint64) int {
	low, high := 0, len(keys)/8
	for low < high {
		mid := (low + high) / 2
		k := binary.LittleEndian.Uint64(keys[8*mid:])
		if k == key {
			return mid
		}
		if k < key {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return -1
}

// record returns the bytes of a parameter's record, nil if there is none.
func (p *Profile) record(key uint64) []byte {
	i := find(p.keys, key)
	if i < 0 {
		return nil
	}
	le := binary.LittleEndian
	return p.records[le.Uint32(p.offsets[4*i:]):le.Uint32(p.offsets[4*i+4:])]
}
