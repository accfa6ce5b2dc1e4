// Package abi is proxy-wasm ABI 0.2.1 as Glacis uses it: the constants, the
// functions of the host as an interface, the encoding of header maps, and for
// wasip1 the binding itself, which allocates nothing per call.
//
// The specification is https://github.com/proxy-wasm/spec, abi-versions/v0.2.1.
package abi

// Action is what a callback of a stream returns.
type Action int32

// The actions.
const (
	Continue Action = 0
	// Pause keeps what arrived so far in the host. In a body callback the next
	// call then sees all of it.
	Pause Action = 1
)

// LogLevel is the level of a log line.
type LogLevel int32

// The levels that Glacis uses.
const (
	LogInfo     LogLevel = 2
	LogWarn     LogLevel = 3
	LogError    LogLevel = 4
	LogCritical LogLevel = 5
)

// MapType names a header map.
type MapType int32

// The maps that Glacis reads.
const (
	RequestHeaders  MapType = 0
	RequestTrailers MapType = 1
	CallHeaders     MapType = 6
)

// BufferType names a buffer.
type BufferType int32

// The buffers that Glacis reads.
const (
	RequestBody  BufferType = 0
	CallBody     BufferType = 4
	PluginConfig BufferType = 7
)

// MetricType is the kind of a metric.
type MetricType int32

// The metrics that Glacis has.
const (
	Counter   MetricType = 0
	Histogram MetricType = 2
)

// NoGRPC is the gRPC status that leaves the answer a plain HTTP one.
const NoGRPC = -1

// Host is what a guest may ask of its host. Bytes and strings that it returns
// are valid until the next call of any method: the host writes into one buffer.
// A false or an error status means that there is nothing.
type Host interface {
	// Log writes one line to the host's log.
	Log(level LogLevel, line []byte)
	// Now is the wall clock in nanoseconds since 1970 in UTC.
	Now() uint64
	// HeaderMap returns a whole map in the form that Parse reads.
	HeaderMap(m MapType) ([]byte, bool)
	// SetHeader replaces all lines of a name by one.
	SetHeader(m MapType, name, value string) bool
	// Buffer returns at most max bytes from start of a buffer.
	Buffer(b BufferType, start, max int) ([]byte, bool)
	// Property returns a property; the elements of its path are joined by NUL.
	Property(path string) ([]byte, bool)
	// Respond answers the client of the stream whose callback is running.
	// headers has the form that AppendMap writes.
	Respond(status int, details, body string, headers []byte, grpc int) bool
	// Call sends a request to a cluster of the host; the answer comes in
	// proxy_on_http_call_response, also when there is none in time.
	Call(cluster string, headers, body []byte, timeoutMillis uint32) (id uint32, ok bool)
	// Tick asks for proxy_on_tick at this interval; 0 for none.
	Tick(millis uint32) bool
	// Define makes a metric, or finds the one of that name.
	Define(t MetricType, name string) (id uint32, ok bool)
	// Add adds to a counter.
	Add(metric uint32, n int64)
	// Record adds a sample to a histogram.
	Record(metric uint32, value uint64)
}
