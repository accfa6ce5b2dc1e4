package profile

import (
	"math/bits"

	"github.com/glacis-waf/glacis/core/kernel"
)

// Type is what a value looks like. The lattice is flat: a parameter has the
// set of types that enough sources were seen to send.
type Type uint8

// The types. The order is part of the snapshot format: append only.
const (
	// Empty is no byte at all.
	Empty Type = iota
	// Int is digits, with a sign at most.
	Int
	// Float is a number with a point or exponent.
	Float
	// UUIDValue is a UUID.
	UUIDValue
	// Hex is eight or more hexadecimal digits.
	Hex
	// Date is a date, a time or both (ISO 8601 and its like).
	Date
	// Email is a mail address.
	Email
	// HostName is a dotted name or an IP address.
	HostName
	// URL has a scheme and an authority.
	URL
	// FilePath is words with slashes.
	FilePath
	// Base64 is base64 or base64url of 16 characters or more.
	Base64
	// Token is letters, digits and joints mixed: an opaque identifier.
	Token
	// Word is letters, joints between them.
	Word
	// Phrase is words and the punctuation of sentences.
	Phrase
	// Foreign is text with bytes beyond ASCII and the punctuation of sentences.
	Foreign
	// List is items between separators.
	List
	// Markup has angle brackets.
	Markup
	// Document begins like JSON.
	Document
	// Code is anything else: the punctuation of programs.
	Code
	// Types is the number of types.
	Types
)

var typeNames [Types]string

const typeList = "empty int float uuid hex date email host url path base64 token word phrase foreign list markup json code "

func init() {
	start, n := 0, 0
	for i := 0; i < len(typeList); i++ {
		if typeList[i] == ' ' {
			typeNames[n] = typeList[start:i]
			start = i + 1
			n++
		}
	}
}

// Name returns the type's name.
func (t Type) Name() string {
	if t >= Types {
		return ""
	}
	return typeNames[t]
}

// Classes counts the class bits of a Shape: 22 byte classes of the kernel, five
// scripts above them.
const Classes = 27

// firstClass is the kernel's lowest class bit.
const firstClass = 6

// Lengths is the number of length buckets: bucket k holds the lengths from
// 2^(k-1) to 2^k-1, the last one everything longer.
const Lengths = 16

// Shape is what is kept of a value: nothing that could be read back.
type Shape struct {
	Type   Type
	Length uint8
	// Class is a set of byte classes and scripts, from bit 0.
	Class uint32
	// Hash tells values apart; 32 bits, for cardinality and enumerations.
	Hash uint32
}

// ShapeOf returns the shape of a value whose byte classes are known.
func ShapeOf(v []byte, class kernel.Class) Shape {
	s := Outline(v, class)
	if len(v) > 256 {
		v = v[:256]
	}
	s.Type = typeOf(v, class)
	if len(v) > 64 {
		v = v[:64]
	}
	h := Hash(v)
	s.Hash = uint32(h ^ h>>32)
	return s
}

// Outline returns the part of a shape that takes no look at the value, or only
// at the beginning of a value beyond ASCII: length and classes.
func Outline(v []byte, class kernel.Class) Shape {
	s := Shape{Length: Bucket(len(v)), Class: uint32(class) >> firstClass}
	if class&kernel.NonASCII != 0 {
		s.Class |= script(v)
	}
	return s
}

// Bucket returns the length bucket of n bytes.
func Bucket(n int) uint8 {
	b := bits.Len(uint(n))
	if b >= Lengths {
		b = Lengths - 1
	}
	return uint8(b)
}

// script returns the bit of the first character beyond ASCII: Latin, Greek and
// Cyrillic, other alphabets, ideographs and syllables, the rest.
func script(v []byte) uint32 {
	i := 0
	for i < len(v) && v[i] < 0x80 {
		i++
	}
	if i == len(v) {
		return 0
	}
	b := v[i]
	switch {
	case b >= 0xC2 && b <= 0xCC:
		return 1 << 22
	case b >= 0xCD && b <= 0xD4:
		return 1 << 23
	case b >= 0xD5 && b <= 0xE1:
		return 1 << 24
	case b >= 0xE3 && b <= 0xED:
		return 1 << 25
	}
	return 1 << 26
}

const (
	letters  = kernel.Upper | kernel.Lower
	alnum    = letters | kernel.Digit
	joint    = kernel.Path | kernel.Under
	prose    = alnum | joint | kernel.Blank | kernel.Other | kernel.Quote | kernel.Separator | kernel.Colon | kernel.Paren | kernel.NewLine
	hostile  = kernel.Percent | kernel.Amp | kernel.Backslash | kernel.Shell | kernel.Equal | kernel.Plus | kernel.Bracket | kernel.Control
	urlBytes = alnum | joint | kernel.Colon | kernel.Percent | kernel.Amp | kernel.Equal | kernel.Plus | kernel.Other | kernel.Shell | kernel.Separator
)

// typeOf decides by the classes first, and looks at bytes only where they leave
// a choice.
func typeOf(v []byte, class kernel.Class) Type {
	switch {
	case len(v) == 0:
		return Empty
	case class&^kernel.Digit == 0:
		return Int
	case class&kernel.Angle != 0:
		return Markup
	case v[0] == '{' || v[0] == '[':
		return Document
	case class&^(alnum|joint) == 0:
		return wordOf(v, class)
	case class&kernel.Colon != 0 && class&^urlBytes == 0 && hasAuthority(v):
		return URL
	case class&^(alnum|joint|kernel.Plus|kernel.Equal) == 0 && len(v) >= 16:
		return Base64
	case class&^(alnum|joint|kernel.Plus|kernel.Other) == 0 && isEmail(v):
		return Email
	case class&^(kernel.Digit|kernel.Upper|kernel.Path|kernel.Colon|kernel.Blank|kernel.Plus) == 0 && class&kernel.Digit != 0:
		return Date
	case class&kernel.NonASCII != 0 && class&(hostile) == 0:
		return Foreign
	case class&^(alnum|joint|kernel.Separator) == 0:
		return List
	case class&^prose == 0:
		return Phrase
	}
	return Code
}

// wordOf tells apart what is made of letters, digits, '-', '.', '/' and '_'.
func wordOf(v []byte, class kernel.Class) Type {
	slash, dot, dash, hex := 0, 0, 0, 0
	for i := 0; i < len(v); i++ {
		b := v[i] | 0x20
		switch {
		case v[i] == '/':
			slash++
		case v[i] == '.':
			dot++
		case v[i] == '-':
			dash++
		case v[i] >= '0' && v[i] <= '9' || b >= 'a' && b <= 'f':
			hex++
		}
	}
	n := len(v)
	switch {
	case class&letters == 0 && class&kernel.Under == 0 && slash == 0 && dot <= 1 && (dash == 0 || dash == 1 && v[0] == '-'):
		if dot == 0 {
			return Int
		}
		return Float
	case class&letters == 0 && dash == 2 && dot == 0 && n == 10:
		return Date
	case n == 36 && hex == 32 && dash == 4:
		return UUIDValue
	case hex == n && n >= 8 && class&kernel.Digit != 0:
		return Hex
	case slash > 0:
		return FilePath
	case dot > 0 && dot < 8 && v[0] != '.' && v[n-1] != '.':
		return HostName
	case class&kernel.Digit == 0:
		return Word
	}
	return Token
}

func hasAuthority(v []byte) bool {
	for i := 2; i+2 < len(v) && i < 12; i++ {
		if v[i] == ':' {
			return v[i+1] == '/' && v[i+2] == '/'
		}
	}
	return false
}

func isEmail(v []byte) bool {
	at := 0
	for i := 0; i < len(v); i++ {
		if v[i] == '@' {
			at++
			if i == 0 || i == len(v)-1 {
				return false
			}
		} else if v[i] == '!' || v[i] == '?' || v[i] == '/' {
			return false
		}
	}
	return at == 1
}
