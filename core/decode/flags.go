package decode

// Flags is the set of things a decoder noticed or undid while it read a value.
// Flags accumulate along a decode chain and are evidence for the model: a value
// that needed two rounds of percent decoding is rarer in honest traffic than
// one that needed a single round.
type Flags uint32

// The order is part of the model format (core/model turns each flag into one
// feature): append, never renumber.
const (
	// Changed is set when the output differs from the input.
	Changed Flags = 1 << iota
	// BrokenEscape marks an escape that does not parse: %zz, \xq, a lone %.
	BrokenEscape
	// UnicodeEscape marks %uXXXX or \uXXXX that decoded to ASCII.
	UnicodeEscape
	// Overlong marks an over-long UTF-8 sequence (RFC 3629, section 3).
	Overlong
	// InvalidUTF8 marks bytes that are not UTF-8 at all.
	InvalidUTF8
	// Control marks a decoded NUL or other control byte (tab, CR, LF excluded).
	Control
	// NewLine marks a decoded CR or LF.
	NewLine
	// Percented marks a percent escape that was undone.
	Percented
	// Entity marks an HTML or XML character reference that was undone.
	Entity
	// JSEscaped marks a backslash escape that was undone.
	JSEscaped
	// Based64 marks a base64 layer.
	Based64
	// Hexed marks a hexadecimal layer.
	Hexed
	// Wide marks UTF-16, UTF-32 or full-width forms that were narrowed.
	Wide
	// UTF7Coded marks a UTF-7 layer (RFC 2152).
	UTF7Coded
	// Compressed marks a gzip, zlib, deflate, brotli or zstd layer.
	Compressed
	// Spliced marks comments, empty quotes or shell escapes that were removed
	// from inside words.
	Spliced
	// Serialized marks a language's object serialisation (PHP, Java, pickle …).
	Serialized
	// DoubleEncoded marks a second round of the same escape.
	DoubleEncoded
	// ExternalEntity marks a DOCTYPE that declares an external entity (CWE-611).
	ExternalEntity
	// Truncated marks a container that ended early.
	Truncated
	// DepthLimit marks a container nested more deeply than the limit.
	DepthLimit
	// Duplicate marks duplicate keys or parameters.
	Duplicate
)
