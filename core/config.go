package core

import (
	"github.com/glacis-waf/glacis/core/kernel"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/core/walk"
)

// Config configures an Engine. The zero value is a working configuration with
// the embedded basic model.
type Config struct {
	// Model is the supervised model; nil means the embedded basic one.
	Model *model.Model
	// Confidence is the level from which a transaction is blocked;
	// ConfidenceNone means ConfidenceHigh.
	Confidence Confidence
	// Limits bounds the work per transaction; zero fields take their defaults.
	Limits Limits
	// Decompressors adds content encodings beyond gzip, zlib and deflate, by
	// the name used in Content-Encoding ("br", "zstd").
	Decompressors map[string]NewDecompressor
	// Policy says what holds for which asset, and what is excepted; nil means
	// none. Its confidence takes the place of Confidence, and its limits tighten
	// or widen Limits for bodies.
	Policy *policy.Policy
	// Profile is what has been learned of the protected applications; nil
	// means nothing.
	Profile *profile.Profile
	// Observe makes a record of one request in so many for the learner, and of
	// each that scored: ObserveOff, ObserveAll, or a larger number.
	Observe int
	// Interpreter, which is Interpreted() or nil, says that the engine itself
	// runs in an interpreter, where a call of the standard library is cheap and a
	// loop over bytes is not. It changes what a verdict costs, never the verdict,
	// and has no effect together with Profile or Observe, which want to see every
	// value, or with a Policy that limits some asset to less depth than Limits.
	Interpreter *Interpreter
	// Predictable says that the host has no random numbers, so that a keyed hash
	// hides nothing: header lines are judged each time and not recalled by one.
	Predictable bool
}

// Interpreter is what an engine does differently in an interpreter. It is a
// value and no switch so that compiled programs, which have no use for it, do
// not contain it.
type Interpreter struct {
	skimmer func(g *kernel.Gate) *walk.Skimmer
}

// Interpreted returns the value for Config.Interpreter.
func Interpreted() *Interpreter {
	return &Interpreter{skimmer: func(g *kernel.Gate) *walk.Skimmer { return walk.NewSkimmer(g) }}
}

// skims says whether what was clean need not be walked again. What an exception
// may concern is not clean, so a policy is no obstacle; but an outcome says how
// deep a text was looked into, which must not be deeper than an asset allows.
func (c *Config) skims() bool {
	if c.Interpreter == nil || c.Profile != nil || c.Observe != 0 {
		return false
	}
	if c.Policy == nil {
		return true
	}
	least := c.Policy.LeastDepth()
	return least == 0 || least >= c.Limits.Depth
}

// Limits bounds what one transaction may cost. A limit that is reached is
// counted in the verdict, and what it left unseen is in Verdict.Uninspected.
type Limits struct {
	// Depth is the number of decoding layers; default 32.
	Depth int
	// Values is the number of values; default 4096.
	Values int
	// DecodedRatio and DecodedSlack bound the decoded bytes to
	// DecodedRatio × input + DecodedSlack; defaults 4 and 65536.
	DecodedRatio int
	DecodedSlack int
	// Expansion is the ratio of decompressed to compressed bytes; default 20.
	Expansion int
	// HeaderBytes is how much of request line, headers and trailers is
	// inspected; default 65536.
	HeaderBytes int
	// BodyBytes is how much of a body is inspected; default 8 MiB.
	BodyBytes int64
}

// DefaultLimits returns the defaults.
func DefaultLimits() Limits {
	return Limits{Depth: 32, Values: 4096, DecodedRatio: 4, DecodedSlack: 64 << 10,
		Expansion: 20, HeaderBytes: 64 << 10, BodyBytes: 8 << 20}
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	if l.Depth <= 0 {
		l.Depth = d.Depth
	}
	if l.Values <= 0 {
		l.Values = d.Values
	}
	if l.DecodedRatio <= 0 {
		l.DecodedRatio = d.DecodedRatio
	}
	if l.DecodedSlack <= 0 {
		l.DecodedSlack = d.DecodedSlack
	}
	if l.Expansion <= 0 {
		l.Expansion = d.Expansion
	}
	if l.HeaderBytes <= 0 {
		l.HeaderBytes = d.HeaderBytes
	}
	if l.BodyBytes <= 0 {
		l.BodyBytes = d.BodyBytes
	}
	return l
}

// Decompressor is a push-style decompressor for one body.
//
// Write hands over compressed bytes; the decompressor calls emit with
// decompressed bytes as they come and stops early when emit returns false.
// Close says that the body has ended (flushing what is left through the emit
// of the last Write is the decompressor's business) and frees its resources.
// An error means that the rest cannot be read. One goroutine uses it at a time.
type Decompressor interface {
	Write(compressed []byte, emit func([]byte) bool) error
	Close(emit func([]byte) bool) error
}

// NewDecompressor makes a Decompressor for one body.
type NewDecompressor func() Decompressor
