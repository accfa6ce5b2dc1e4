package host

import "encoding/binary"

// encodePairs serialises a header map as hosts do: count, lengths, texts.
func encodePairs(pairs [][2]string) []byte {
	b := binary.LittleEndian.AppendUint32(nil, uint32(len(pairs)))
	for _, p := range pairs {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(p[0])))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(p[1])))
	}
	for _, p := range pairs {
		b = append(append(b, p[0]...), 0)
		b = append(append(b, p[1]...), 0)
	}
	return b
}

// decodePairs is its inverse; ok is false for a block that is cut off.
func decodePairs(b []byte) (pairs [][2]string, ok bool) {
	if len(b) < 4 {
		return nil, len(b) == 0
	}
	n := int(binary.LittleEndian.Uint32(b))
	at := 4 + 8*n
	text := func(size []byte) (string, bool) {
		end := at + int(binary.LittleEndian.Uint32(size))
		if end >= len(b) || b[end] != 0 {
			return "", false
		}
		s := string(b[at:end])
		at = end + 1
		return s, true
	}
	for i := range n {
		if at > len(b) {
			return nil, false
		}
		name, ok1 := text(b[4+8*i:])
		if !ok1 {
			return nil, false
		}
		value, ok2 := text(b[8+8*i:])
		if !ok2 {
			return nil, false
		}
		pairs = append(pairs, [2]string{name, value})
	}
	return pairs, at == len(b)
}
