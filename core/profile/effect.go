package profile

import "encoding/binary"

// Reason says why a score changed.
type Reason uint8

// The reasons.
const (
	// Familiar: the indicators belong to this parameter. Lowers.
	Familiar Reason = iota
	// Confirmed: an operator confirmed these indicators here. Lowers.
	Confirmed
	// NewType: the value's type was never sent by enough sources. Raises, as do
	// all below.
	NewType
	// NewCharacters: classes of characters that are not sent here.
	NewCharacters
	// NewLength: much longer than what is sent here.
	NewLength
	// NewValue: not one of the few values that are sent here.
	NewValue
	// NewParam: the endpoint is known well, and this parameter is none of it.
	NewParam
	// NewEndpoint: the asset is known well, and this endpoint is none of it.
	NewEndpoint
	// Reasons is the number of reasons.
	Reasons
)

var reasonNames [Reasons]string

const reasonList = "familiar confirmed type characters length value parameter endpoint "

func init() {
	start, n := 0, 0
	for i := 0; i < len(reasonList); i++ {
		if reasonList[i] == ' ' {
			reasonNames[n] = reasonList[start:i]
			start = i + 1
			n++
		}
	}
}

// Name returns the reason's name.
func (r Reason) Name() string {
	if r >= Reasons {
		return ""
	}
	return reasonNames[r]
}

// Effect is one change of a score.
type Effect struct {
	Reason Reason
	// Points are added to the score; negative for a discount.
	Points int
	// Votes is the number of independent sources behind it, Windows the number
	// of windows of a discount.
	Votes, Windows int
}

// The sizes of the effects, in points of the score. They were chosen with
// glacis learn simulate; docs/learning.md has the figures.
const (
	// WeakScore is the score from which evidence can be raised: about four nats
	// below medium confidence.
	WeakScore = 20
	// MaxRaise and MaxDiscount bound all changes together.
	MaxRaise    = 45
	MaxDiscount = 45

	raiseType     = 12
	raiseClass    = 9
	maxClasses    = 27
	raiseLength   = 6
	raiseValue    = 12
	raiseParam    = 8
	raiseEndpoint = 4
	raiseScanner  = 12
)

// Evidence is a value that scored.
type Evidence struct {
	// Location is where it stands, without the decode chain.
	Location []byte
	// Shape is that of the value as it was sent; of a decoded form only Class
	// and Length are (Raw is false).
	Shape Shape
	Raw   bool
	// Named is set when the value is the name of a parameter: it is that
	// parameter's location.
	Named []byte
	// Probe is set when the family is Scanner and the place is the path.
	Probe bool
	// Found is set when the model alone makes a finding of it; what is less has
	// nothing to be discounted.
	Found bool
	// Critical scores are discounted only by what an operator confirmed.
	Critical bool
	// Tokens and Weights are the heaviest features, at most MaxTokens.
	Tokens  [MaxTokens]uint32
	Weights [MaxTokens]int
	N       int
}

// MaxEffects is the most effects that one value has.
const MaxEffects = 4

// Judge returns the effects of the profile on the score of a value.
func (p *Profile) Judge(w *Place, e *Evidence, out *[MaxEffects]Effect) int {
	if !w.Known {
		return 0
	}
	key := w.Key(e.Location)
	if key == 0 {
		if w.aged&AssetMature == 0 {
			return 0
		}
		out[0] = Effect{Reason: NewEndpoint, Points: raiseEndpoint}
		if e.Probe {
			out[0].Points += raiseScanner
		}
		return 1
	}
	b := p.record(key)
	known := b != nil
	if len(e.Named) > 0 {
		known = p.record(w.Key(e.Named)) != nil
	}
	n := 0
	switch {
	case !known && w.flags&NodeMature != 0 && !ownsLocation(e.Location):
		out[0] = Effect{Reason: NewParam, Points: raiseParam}
		return 1
	case b == nil:
		return 0
	case e.Found && confirmed(b, e):
		out[0] = Effect{Reason: Confirmed, Points: -100, Votes: int(binary.LittleEndian.Uint16(b[15:])), Windows: int(b[17])}
		return 1
	case len(e.Named) == 0:
		n = raise(b, e, out)
	}
	if n == 0 && e.Found {
		n = discount(b, e, out)
	}
	return n
}

// raise compares a value with a mature record.
func raise(b []byte, e *Evidence, out *[MaxEffects]Effect) int {
	if b[0]&RecordMature == 0 {
		return 0
	}
	le := binary.LittleEndian
	votes := int(le.Uint16(b[13:]))
	n := 0
	if e.Raw && le.Uint32(b[3:])>>e.Shape.Type&1 == 0 {
		out[n] = Effect{Reason: NewType, Points: raiseType, Votes: votes}
		n++
	}
	if fresh := e.Shape.Class &^ le.Uint32(b[7:]); fresh != 0 {
		points := 0
		for points < maxClasses && fresh != 0 {
			points += raiseClass
			fresh &= fresh - 1
		}
		out[n] = Effect{Reason: NewCharacters, Points: points, Votes: votes}
		n++
	}
	if e.Shape.Length > 0 && le.Uint16(b[11:])>>(e.Shape.Length-1) == 0 {
		out[n] = Effect{Reason: NewLength, Points: raiseLength, Votes: votes}
		n++
	}
	if e.Raw && b[0]&RecordEnum != 0 && !listed(b, e.Shape.Hash) {
		out[n] = Effect{Reason: NewValue, Points: raiseValue, Votes: votes}
		n++
	}
	return n
}

// listed reports whether a hash is one of the record's values.
func listed(b []byte, hash uint32) bool {
	for i := 0; i < int(b[1]); i++ {
		if binary.LittleEndian.Uint32(b[fixedSize+4*i:]) == hash {
			return true
		}
	}
	return false
}

// minShare is the part, in percent, of the weight of a value's heaviest tokens
// that has to be familiar before anything is discounted.
const minShare = 75

// confirmed reports whether an operator confirmed all of the evidence here.
// What is unusual about the value otherwise does not count then: the operator
// has seen it.
func confirmed(b []byte, e *Evidence) bool {
	if b[18] == 0 || e.N == 0 {
		return false
	}
	prints := b[fixedSize+4*int(b[1]):]
	prints = prints[:2*int(b[18])]
	for i := 0; i < e.N; i++ {
		if indexPrint(prints, Print(e.Tokens[i])) < 0 {
			return false
		}
	}
	return true
}

// discount adds up how much of the evidence is familiar. What an attack has
// beside it stays evidence: below minShare nothing is discounted.
func discount(b []byte, e *Evidence, out *[MaxEffects]Effect) int {
	if e.Critical {
		return 0
	}
	prints := b[fixedSize+4*int(b[1]):]
	sum, known := 0, 0
	for i := 0; i < e.N; i++ {
		sum += e.Weights[i]
		if indexPrint(prints, Print(e.Tokens[i])) >= 0 {
			known += e.Weights[i]
		}
	}
	if sum <= 0 || known*100 < sum*minShare {
		return 0
	}
	out[0] = Effect{Reason: Familiar, Points: -MaxDiscount * known / sum,
		Votes: int(binary.LittleEndian.Uint16(b[15:])), Windows: int(b[17])}
	return 1
}

// indexPrint returns where a fingerprint stands, or -1.
func indexPrint(prints []byte, want uint16) int {
	for i := 0; i+2 <= len(prints); i += 2 {
		if binary.LittleEndian.Uint16(prints[i:]) == want {
			return i / 2
		}
	}
	return -1
}
