package kong

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// maxFrame bounds what a plugin may send at once.
const maxFrame = 64 << 20

// ReadFrame reads a length and as many bytes.
func ReadFrame(r *bufio.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint32(head[:])
	if n > maxFrame {
		return nil, fmt.Errorf("frame of %d bytes", n)
	}
	payload := make([]byte, n)
	_, err := io.ReadFull(r, payload)
	return payload, err
}

// AppendFrame appends a length and the payload.
func AppendFrame(dst, payload []byte) []byte {
	return append(binary.LittleEndian.AppendUint32(dst, uint32(len(payload))), payload...)
}

func bytesField(dst []byte, id protowire.Number, v []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(dst, id, protowire.BytesType), v)
}

func textField(dst []byte, id protowire.Number, v string) []byte {
	return bytesField(dst, id, []byte(v))
}

func intField(dst []byte, id protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(dst, id, protowire.VarintType), v)
}

func doubleField(dst []byte, id protowire.Number, v float64) []byte {
	return protowire.AppendFixed64(protowire.AppendTag(dst, id, protowire.Fixed64Type), math.Float64bits(v))
}

// fields calls f for every field of a message.
func fields(b []byte, f func(id protowire.Number, number uint64, value []byte) error) error {
	for len(b) > 0 {
		id, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return protowire.ParseError(n)
		}
		b = b[n:]
		var number uint64
		var value []byte
		switch kind {
		case protowire.VarintType:
			number, n = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			value, n = protowire.ConsumeBytes(b)
		case protowire.Fixed64Type:
			number, n = protowire.ConsumeFixed64(b)
		default:
			return fmt.Errorf("field %d has wire type %d", id, kind)
		}
		if n < 0 {
			return protowire.ParseError(n)
		}
		b = b[n:]
		if err := f(id, number, value); err != nil {
			return err
		}
	}
	return nil
}

// field returns the last field with an id.
func field(b []byte, want protowire.Number) (number uint64, value []byte, err error) {
	err = fields(b, func(id protowire.Number, n uint64, v []byte) error {
		if id == want {
			number, value = n, v
		}
		return nil
	})
	return number, value, err
}
