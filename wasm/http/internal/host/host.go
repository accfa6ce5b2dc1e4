// Package host is the handler ABI of http-wasm as Glacis uses it: the constants,
// the functions of the host as an interface, and for wasip1 the binding itself.
//
// The specification is https://http-wasm.io/http-handler-abi/.
package host

// Level is the level of a log line.
type Level int32

// The levels that Glacis uses.
const (
	LogInfo  Level = 0
	LogError Level = 2
)

// Host is what a guest may ask of its host. What it returns is the guest's to
// keep, but for what Read returns. A host that fails in one of these calls ends
// the guest's call, and answers the client itself.
type Host interface {
	// Config returns the guest's configuration, JSON.
	Config() []byte
	// Log writes one line to the host's log.
	Log(level Level, line string)
	// Method, Target and Source are the request's; Source is HOST:PORT.
	Method() string
	Target() string
	Source() string
	// Names returns the names of the request's header lines in lower case,
	// sorted, each once. Host is one of them.
	Names() []string
	// Values returns the values of the request's header lines of a name.
	Values(name string) []string
	// SetHeader replaces a header of the request.
	SetHeader(name, value string)
	// Read returns the next piece of the request's body, in memory that the next
	// call uses again; last says that there is no other.
	Read() (piece []byte, last bool)
	// Write appends to what becomes the body of the request.
	Write(piece []byte)
	// Answer answers the client in place of the upstream; headers are names and
	// values in turn.
	Answer(status int, headers []string, body string)
}
