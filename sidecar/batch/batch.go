// Package batch is the form in which wrappers send observations to a sidecar:
//
//	"GLO1" id[16] { length: uvarint, record: profile.AppendRecord }*
//
// A batch may be sent again with the same id; its records then count once.
package batch

import (
	"encoding/binary"
	"encoding/hex"
	"errors"

	"github.com/glacis-waf/glacis/core/profile"
)

// The bounds of a batch. A larger one is refused.
const (
	// MaxBytes is its length.
	MaxBytes = 512 << 10
	// MaxRecords is the number of observations.
	MaxRecords = 8192
	// HeadSize is the length of an empty one.
	HeadSize = 4 + 16
)

// MediaType is the Content-Type of a batch.
const MediaType = "application/vnd.glacis.observations"

const magic = "GLO1"

// ErrMalformed says that data are no batch.
var ErrMalformed = errors.New("malformed batch of observations")

// ID names a batch. It is random.
type ID [16]byte

// String returns the id in hexadecimal.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// Begin appends the beginning of a batch.
func Begin(dst []byte, id ID) []byte { return append(append(dst, magic...), id[:]...) }

// AppendRecord appends an observation to a batch. The caller minds the bounds.
func AppendRecord(dst, record []byte) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(record))), record...)
}

// Parse reads a batch. The records point into data; what is in them is not
// looked at.
func Parse(data []byte) (id ID, records [][]byte, err error) {
	if len(data) > MaxBytes || len(data) < HeadSize || string(data[:4]) != magic {
		return id, nil, ErrMalformed
	}
	copy(id[:], data[4:])
	for rest := data[HeadSize:]; len(rest) > 0; {
		n, width := binary.Uvarint(rest)
		if width <= 0 || n > profile.MaxRecord || n > uint64(len(rest)-width) || len(records) == MaxRecords {
			return id, nil, ErrMalformed
		}
		records = append(records, rest[width:width+int(n):width+int(n)])
		rest = rest[width+int(n):]
	}
	return id, records, nil
}
