package profile

import (
	"encoding/binary"
	"errors"
)

// RecordVersion is the version of the observation record.
const RecordVersion = 1

// The bounds of a record. What exceeds them is left out and flagged.
const (
	// MaxRecord is the longest record in bytes.
	MaxRecord = 8 << 10
	// MaxParams and MaxIndicators are how many of each a record holds.
	MaxParams     = 64
	MaxIndicators = 8
	// MaxTokens is how many tokens of an indicator count.
	MaxTokens = 4
	// MaxName is the longest location, host or template.
	MaxName = 120
)

// The flags of a record.
const (
	// RecordCut: something exceeded the bounds.
	RecordCut = 1 << iota
	// RecordBare: the parameters were left out, because they are known well.
	RecordBare
	// RecordCritical: something in the request is critical to the model alone,
	// whether or not it is among the indicators.
	RecordCritical
)

// Observation is what one request tells about what is normal. It holds no
// value, no address and no path segment that could be personal.
type Observation struct {
	Flags uint8
	// Status is the class of the answer, 2 for 2xx; 0 if there was none.
	Status uint8
	// Rate says that one request in 2^Rate like this one is observed.
	Rate uint8
	// Source is the vote of Sources.Of.
	Source uint64
	// Method, Host and Template name the endpoint.
	Method, Host, Template []byte
	Params                 []ParamSeen
	Indicators             []IndicatorSeen
}

// ParamSeen is one value of a parameter.
type ParamSeen struct {
	Location []byte
	Shape    Shape
}

// IndicatorSeen is one value that scored.
type IndicatorSeen struct {
	Location []byte
	Family   uint8
	// Level is the confidence reached by the model alone, Score its score.
	Level, Score uint8
	// Tokens are hashes (TokenKey) of the features that weighed most.
	Tokens []uint32
	// Example is the text that decided, masked: see AppendMasked.
	Example []byte
}

// MaxExample is how long an example is.
const MaxExample = 32

// AppendMasked appends text with every letter as 'a', every digit as '9' and
// every other byte beyond ASCII or below a blank as '?': the skeleton of an
// example, without what was said in it.
func AppendMasked(dst []byte, text string) []byte {
	if len(text) > MaxExample {
		text = text[:MaxExample]
	}
	for i := 0; i < len(text); i++ {
		b := text[i]
		low := b | 0x20
		switch {
		case low >= 'a' && low <= 'z':
			b = 'a'
		case b >= '0' && b <= '9':
			b = '9'
		case b < ' ' || b >= 0x7f:
			b = '?'
		}
		dst = append(dst, b)
	}
	return dst
}

// TokenKey is the hash of a feature that spoke for a family.
func TokenKey(family uint8, text string) uint32 {
	h := Mix(uint64(family)+1, Hash([]byte(text)))
	return uint32(h ^ h>>32)
}

// AppendParam appends a parameter in the form of a record.
func AppendParam(dst, location []byte, s *Shape) []byte {
	dst = appendShort(dst, location)
	dst = append(dst, uint8(s.Type), s.Length)
	dst = binary.LittleEndian.AppendUint32(dst, s.Class)
	return binary.LittleEndian.AppendUint32(dst, s.Hash)
}

// AppendIndicator appends an indicator in the form of a record.
func AppendIndicator(dst []byte, x *IndicatorSeen) []byte {
	dst = appendShort(dst, x.Location)
	n := len(x.Tokens)
	if n > MaxTokens {
		n = MaxTokens
	}
	dst = append(dst, x.Family, x.Level, x.Score, uint8(n))
	for i := 0; i < n; i++ {
		dst = binary.LittleEndian.AppendUint32(dst, x.Tokens[i])
	}
	return appendShort(dst, x.Example)
}

// AppendRecord appends a record: the head of o, whose lists are ignored, and
// the lists as AppendParam and AppendIndicator made them.
func AppendRecord(dst []byte, o *Observation, params []byte, nparams int, indicators []byte, nindicators int) []byte {
	dst = append(dst, RecordVersion, o.Flags, o.Status, o.Rate)
	dst = binary.LittleEndian.AppendUint64(dst, o.Source)
	dst = appendShort(dst, o.Method)
	dst = appendShort(dst, o.Host)
	dst = appendShort(dst, o.Template)
	dst = append(dst, uint8(nparams), uint8(nindicators))
	dst = append(dst, params...)
	return append(dst, indicators...)
}

// Complete sets what is known of a record's request only after it was recorded:
// the vote of its source and the class of its answer, both as in Observation.
// What is no record is left alone.
func Complete(record []byte, source uint64, status int) {
	if len(record) < 12 || record[0] != RecordVersion {
		return
	}
	record[2] = 0
	if status > 0 && status <= 5 {
		record[2] = uint8(status)
	}
	binary.LittleEndian.PutUint64(record[4:], source)
}

func appendShort(dst, text []byte) []byte {
	if len(text) > MaxName {
		text = text[:MaxName]
	}
	dst = append(dst, uint8(len(text)))
	return append(dst, text...)
}

// ErrRecord says that a record is not one; nothing of it is to be used.
var ErrRecord = errors.New("malformed observation")

// Parse reads a record into o, whose lists are reused. The slices point into
// data.
func (o *Observation) Parse(data []byte) error {
	if len(data) > MaxRecord || len(data) < 12 || data[0] != RecordVersion {
		return ErrRecord
	}
	r := reader{data: data, at: 12}
	o.Flags, o.Status, o.Rate = data[1], data[2], data[3]
	o.Source = binary.LittleEndian.Uint64(data[4:])
	o.Method = r.short()
	o.Host = r.short()
	o.Template = r.short()
	head := r.take(2)
	if r.bad || o.Status > 5 || o.Rate > 20 || head[0] > MaxParams || head[1] > MaxIndicators {
		return ErrRecord
	}
	nparams, ninds := int(head[0]), int(head[1])
	o.Params = o.Params[:0]
	for i := 0; i < nparams; i++ {
		loc := r.short()
		b := r.take(10)
		if r.bad || b[0] >= uint8(Types) || b[1] >= Lengths {
			return ErrRecord
		}
		s := Shape{Type: Type(b[0]), Length: b[1], Class: binary.LittleEndian.Uint32(b[2:]), Hash: binary.LittleEndian.Uint32(b[6:])}
		o.Params = append(o.Params, ParamSeen{Location: loc, Shape: s})
	}
	o.Indicators = o.Indicators[:0]
	for i := 0; i < ninds; i++ {
		loc := r.short()
		b := r.take(4)
		if r.bad || b[0] > 63 || b[1] > 3 || b[2] > 100 || b[3] > MaxTokens {
			return ErrRecord
		}
		x := IndicatorSeen{Location: loc, Family: b[0], Level: b[1], Score: b[2]}
		n := int(b[3])
		t := r.take(4 * n)
		if r.bad {
			return ErrRecord
		}
		x.Tokens = make([]uint32, n)
		for k := 0; k < n; k++ {
			x.Tokens[k] = binary.LittleEndian.Uint32(t[4*k:])
		}
		x.Example = r.short()
		if r.bad || len(x.Example) > MaxExample {
			return ErrRecord
		}
		o.Indicators = append(o.Indicators, x)
	}
	if r.at != len(data) {
		return ErrRecord
	}
	return nil
}

// reader takes fields off data; bad is set when there are not enough.
type reader struct {
	data []byte
	at   int
	bad  bool
}

func (r *reader) take(n int) []byte {
	if r.bad || n < 0 || n > len(r.data)-r.at {
		r.bad = true
		return nil
	}
	b := r.data[r.at : r.at+n]
	r.at += n
	return b
}

func (r *reader) short() []byte {
	n := r.take(1)
	if r.bad {
		return nil
	}
	if int(n[0]) > MaxName {
		r.bad = true
		return nil
	}
	return r.take(int(n[0]))
}
