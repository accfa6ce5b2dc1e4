package core

// Header is one header or trailer line as it came: the name's case is kept,
// duplicates are separate entries, the value is raw.
type Header struct {
	Name  string
	Value string
}

// Request is a whole request for Engine.Inspect.
type Request struct {
	// Method as on the wire.
	Method string
	// URI is the request target as on the wire, undecoded.
	URI string
	// Headers in their order. Host belongs in here.
	Headers []Header
	// Body as transferred: content encodings still applied, transfer encoding
	// removed.
	Body []byte
	// Trailers in their order.
	Trailers []Header
	// Source is the client's address for the policy; "" when unknown.
	Source string
}
