package profile

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"sort"
)

// The layout of a snapshot, little endian:
//
//	magic[8] size:4 sha256[32] | generation:8 created:8 assets:2 nodes:4 params:4 |
//	assets | node keys 8×n | node flags n | param keys 8×n | record offsets 4×(n+1) | records
//
// The checksum is over everything behind it; offsets are relative to the
// first record.
const (
	magic     = "GLACISP1"
	sumAt     = 12
	bodyAt    = sumAt + sha256.Size
	countsAt  = bodyAt + 16
	headSize  = countsAt + 10
	fixedSize = 19
)

// The bounds of a snapshot; a larger one is refused by both sides.
const (
	MaxAssets  = 1 << 12
	MaxNodes   = 1 << 21
	MaxRecords = 1 << 21
	// MaxSnapshot is its size in bytes.
	MaxSnapshot = 256 << 20
)

// Encode makes a snapshot. The same content gives the same bytes: nodes,
// records and their lists are put in order, assets are left in theirs.
func Encode(c *Content) ([]byte, error) {
	if len(c.Assets) > MaxAssets || len(c.Nodes) > MaxNodes || len(c.Params) > MaxRecords {
		return nil, errors.New("encode profile: too many assets, nodes or parameters")
	}
	nodes := append([]Node(nil), c.Nodes...)
	sort.Slice(nodes, func(i, j int) bool { return nodes[i].Key < nodes[j].Key })
	params := append([]Record(nil), c.Params...)
	sort.Slice(params, func(i, j int) bool { return params[i].Key < params[j].Key })
	le := binary.LittleEndian
	b := make([]byte, bodyAt, headSize+len(nodes)*9+len(params)*80)
	b = le.AppendUint64(b, c.Generation)
	b = le.AppendUint64(b, uint64(c.Created))
	b = le.AppendUint16(b, uint16(len(c.Assets)))
	b = le.AppendUint32(b, uint32(len(nodes)))
	b = le.AppendUint32(b, uint32(len(params)))
	for i := 0; i < len(c.Assets); i++ {
		a := &c.Assets[i]
		if len(a.Name) > MaxName || len(a.Host) > MaxName || len(a.Base) > MaxName {
			return nil, errors.New("encode profile: name, host or base of asset " + a.Name + " is too long")
		}
		b = append(b, a.Flags)
		b = appendShort(b, []byte(a.Name))
		b = appendShort(b, []byte(a.Host))
		b = appendShort(b, []byte(a.Base))
	}
	for i := 0; i < len(nodes); i++ {
		b = le.AppendUint64(b, nodes[i].Key)
	}
	for i := 0; i < len(nodes); i++ {
		b = append(b, nodes[i].Flags)
	}
	for i := 0; i < len(params); i++ {
		b = le.AppendUint64(b, params[i].Key)
	}
	b, err := appendRecords(b, params)
	if err != nil {
		return nil, err
	}
	if len(b) > MaxSnapshot {
		return nil, errors.New("encode profile: larger than 256 MiB")
	}
	copy(b, magic)
	le.PutUint32(b[8:], uint32(len(b)))
	sum := sha256.Sum256(b[bodyAt:])
	copy(b[sumAt:], sum[:])
	return b, nil
}

// appendRecords appends the offsets and the records.
func appendRecords(b []byte, params []Record) ([]byte, error) {
	le := binary.LittleEndian
	at := 0
	for i := 0; i < len(params); i++ {
		if len(params[i].Enums) > MaxEnums || len(params[i].Familiar)+len(params[i].Confirmed) > MaxFamiliar {
			return nil, errors.New("encode profile: a parameter has more values or indicators than a record holds")
		}
		b = le.AppendUint32(b, uint32(at))
		at += fixedSize + 4*len(params[i].Enums) + 2*(len(params[i].Familiar)+len(params[i].Confirmed))
	}
	b = le.AppendUint32(b, uint32(at))
	for i := 0; i < len(params); i++ {
		p := &params[i]
		b = append(b, p.Flags, uint8(len(p.Enums)), uint8(len(p.Familiar)+len(p.Confirmed)))
		b = le.AppendUint32(b, p.Types)
		b = le.AppendUint32(b, p.Classes)
		b = le.AppendUint16(b, p.Lengths)
		b = le.AppendUint16(b, p.Sources)
		b = le.AppendUint16(b, p.Votes)
		b = append(b, p.Windows, uint8(len(p.Confirmed)))
		enums := append([]uint32(nil), p.Enums...)
		sort.Slice(enums, func(i, j int) bool { return enums[i] < enums[j] })
		for k := 0; k < len(enums); k++ {
			b = le.AppendUint32(b, enums[k])
		}
		b = appendPrints(b, p.Confirmed)
		b = appendPrints(b, p.Familiar)
	}
	return b, nil
}

// appendPrints appends fingerprints in ascending order.
func appendPrints(b []byte, prints []uint16) []byte {
	list := append([]uint16(nil), prints...)
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	for i := 0; i < len(list); i++ {
		b = binary.LittleEndian.AppendUint16(b, list[i])
	}
	return b
}
