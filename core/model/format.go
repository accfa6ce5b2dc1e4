package model

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// The binary format, version 2; models/FORMAT.md describes it. All numbers are
// little-endian.
const (
	magic         = "GLACISM1"
	formatVersion = 2
	stringSize    = 32
	headSize      = len(magic) + 8 + 4*stringSize + 8 + 2*flagCount + 4*Locs*Levels
	gateBytes     = 4096 * 8
	minSlots      = 1 << 8
	maxSlots      = 1 << 22
	slotUnit      = 1 << 6 // the number of weights is a multiple of it
	tagShift      = 2      // binary logarithm of how many slots share a tag
)

// ErrFormat is wrapped by every error of Load.
var ErrFormat = errors.New("bad model")

// Tables is a model in parts, for the trainer.
type Tables struct {
	Name, Version, Created, Kind string
	Scale, Bias                  int
	Flags                        [flagCount]int
	Levels                       [Locs][Levels]int
	Gate                         [4096]uint64
	// Weights has from 256 to 2^22 slots, a multiple of 64; Tags one entry for
	// four of them.
	Weights []int8
	Tags    []uint8
}

// Encode writes a model file. It fails on values that the format cannot hold.
func (t *Tables) Encode() ([]byte, error) {
	if !slotsFit(len(t.Weights)) || len(t.Tags) != len(t.Weights)>>tagShift {
		return nil, fmt.Errorf("encode model: %d weights and %d tags", len(t.Weights), len(t.Tags))
	}
	if err := t.check(); err != nil {
		return nil, fmt.Errorf("encode model: %w", err)
	}
	b := make([]byte, 0, fileSize(len(t.Weights)))
	b = append(b, magic...)
	b = append(b, formatVersion, tagShift, byte(t.Scale), Locs, Levels, flagCount, byte(Families), featureSet)
	for _, s := range []string{t.Name, t.Version, t.Created, t.Kind} {
		if len(s) >= stringSize {
			return nil, fmt.Errorf("encode model: %q is longer than %d bytes", s, stringSize-1)
		}
		b = append(b, s...)
		b = append(b, make([]byte, stringSize-len(s))...)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(int32(t.Bias)))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(t.Weights)))
	for _, f := range t.Flags {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(f)))
	}
	for l := 0; l < Locs; l++ {
		for k := 0; k < Levels; k++ {
			b = binary.LittleEndian.AppendUint32(b, uint32(int32(t.Levels[l][k])))
		}
	}
	for _, w := range t.Gate {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	for _, w := range t.Weights {
		b = append(b, byte(w))
	}
	for i := 0; i < len(t.Tags); i += 2 {
		b = append(b, t.Tags[i]&15|t.Tags[i+1]<<4)
	}
	sum := sha256.Sum256(b)
	return append(b, sum[:]...), nil
}

// slotsFit reports whether a model may have n weights.
func slotsFit(n int) bool { return n >= minSlots && n <= maxSlots && n%slotUnit == 0 }

// fileSize returns the size of a model file of n weights.
func fileSize(n int) int { return headSize + gateBytes + n + n>>(tagShift+1) + sha256.Size }

// check refuses numbers that their fields cannot hold.
func (t *Tables) check() error {
	if t.Scale < 1 || t.Scale > 255 {
		return fmt.Errorf("scale %d is not 1 to 255", t.Scale)
	}
	for i := 0; i < flagCount; i++ {
		if t.Flags[i] != int(int16(t.Flags[i])) {
			return fmt.Errorf("flag weight %d is out of range", t.Flags[i])
		}
	}
	for i := 0; i < len(t.Tags); i++ {
		if t.Tags[i] >= uint8(Families) {
			return fmt.Errorf("tag %d is no family", t.Tags[i])
		}
	}
	return nil
}

// Load reads a model. The weights stay in data, which must not be changed
// afterwards. Every bound is checked: a defect is an error, never a model that
// scores nothing.
func Load(data []byte) (*Model, error) {
	if len(data) < headSize+gateBytes+sha256.Size || string(data[:len(magic)]) != magic {
		return nil, fmt.Errorf("%w: not a model file", ErrFormat)
	}
	h := data[len(magic):]
	if h[0] != formatVersion {
		return nil, fmt.Errorf("%w: format version %d, this engine reads %d", ErrFormat, h[0], formatVersion)
	}
	m := &Model{scale: int(h[2])}
	if m.scale == 0 || h[1] != tagShift {
		return nil, fmt.Errorf("%w: scale %d, %d bits of slots for a tag", ErrFormat, m.scale, h[1])
	}
	if h[3] != Locs || h[4] != Levels || h[5] != flagCount || h[6] != byte(Families) {
		return nil, fmt.Errorf("%w: made for other locations, levels, flags or families", ErrFormat)
	}
	slots := int(binary.LittleEndian.Uint32(h[8+4*stringSize+4:]))
	if !slotsFit(slots) {
		return nil, fmt.Errorf("%w: %d weights", ErrFormat, slots)
	}
	m.slots = uint64(slots)
	if want := fileSize(slots); len(data) != want {
		return nil, fmt.Errorf("%w: %d bytes instead of %d", ErrFormat, len(data), want)
	}
	body := data[:len(data)-sha256.Size]
	if sum := sha256.Sum256(body); string(sum[:]) != string(data[len(body):]) {
		return nil, fmt.Errorf("%w: checksum does not match", ErrFormat)
	}
	if h[7] != featureSet {
		return nil, fmt.Errorf("%w: made for feature set %d, this engine has %d", ErrFormat, h[7], featureSet)
	}
	h = h[8:]
	m.name = text(h, 0)
	m.version = text(h, 1)
	m.created = text(h, 2)
	m.kind = text(h, 3)
	h = h[4*stringSize:]
	m.bias = int(int32(binary.LittleEndian.Uint32(h)))
	h = h[8:]
	for i := 0; i < flagCount; i++ {
		m.flags[i] = int(int16(binary.LittleEndian.Uint16(h[2*i:])))
	}
	h = h[2*flagCount:]
	if err := m.readLevels(h); err != nil {
		return nil, err
	}
	h = h[4*Locs*Levels:]
	used := uint64(0)
	for i := 0; i < 4096; i++ {
		m.gate[i] = binary.LittleEndian.Uint64(h[8*i:])
		used |= m.gate[i]
	}
	if used == 0 {
		return nil, fmt.Errorf("%w: empty gate", ErrFormat)
	}
	h = h[gateBytes:]
	m.weights = h[:slots]
	m.tags = h[slots : slots+slots>>(tagShift+1)]
	if err := m.check(); err != nil {
		return nil, err
	}
	return m, nil
}

// check rejects tables that would score nothing.
func (m *Model) check() error {
	for i := 0; i < len(m.weights); i++ {
		if m.weights[i] != 0 {
			return nil
		}
	}
	return fmt.Errorf("%w: all weights are zero", ErrFormat)
}

// readLevels reads the thresholds, which must ascend.
func (m *Model) readLevels(h []byte) error {
	for l := 0; l < Locs; l++ {
		for k := 0; k < Levels; k++ {
			m.levels[l][k] = int(int32(binary.LittleEndian.Uint32(h[4*(l*Levels+k):])))
			if k > 0 && m.levels[l][k] <= m.levels[l][k-1] {
				return fmt.Errorf("%w: thresholds of location %d do not ascend", ErrFormat, l)
			}
		}
	}
	return nil
}

// text returns string number i of the head.
func text(h []byte, i int) string {
	s := h[i*stringSize : (i+1)*stringSize]
	for n := 0; n < len(s); n++ {
		if s[n] == 0 {
			return string(s[:n])
		}
	}
	return string(s)
}
