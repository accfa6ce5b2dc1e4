package abi

import "unsafe"

// What the host writes its results to. They are package variables because the
// host holds their addresses during a call, and a local would escape to the
// heap. One callback runs at a time.
var (
	resultData unsafe.Pointer
	resultSize int32
	resultID   uint32
	resultTime uint64

	// memory is what proxy_on_memory_allocate hands out. Everything that the
	// host returns is used up before the next call that returns something.
	memory = make([]byte, 16<<10)
)

// maxMemory bounds one result of the host: a model of 8 MiB in base64, or a
// profile.
const maxMemory = 16 << 20

// roomy is the size from which the memory gets no more room than is asked for:
// such a result comes once.
const roomy = 256 << 10

//go:wasmexport proxy_on_memory_allocate
func proxyOnMemoryAllocate(size int32) unsafe.Pointer {
	if size < 0 || size > maxMemory {
		return nil
	}
	if n := int(size); n > len(memory) {
		if n < roomy {
			n += n / 2
		}
		memory = make([]byte, n)
	}
	return unsafe.Pointer(unsafe.SliceData(memory))
}

//go:wasmexport proxy_abi_version_0_2_1
func proxyABIVersion021() {}

// Shrink gives memory back that only a rare result needed. What was returned
// by the host before must no longer be used.
func Shrink() {
	if len(memory) >= roomy {
		memory = make([]byte, roomy/2)
	}
}

// Envoy is the host as a guest sees it through ABI 0.2.1.
type Envoy struct{}

func begin() { resultData, resultSize = nil, 0 }

// result is what the last call returned.
func result(status int32) ([]byte, bool) {
	if status != 0 || resultSize < 0 || resultSize > 0 && resultData == nil {
		return nil, false
	}
	return unsafe.Slice((*byte)(resultData), int(resultSize)), true
}

func pointer(s string) unsafe.Pointer { return unsafe.Pointer(unsafe.StringData(s)) }

// Log implements Host.
func (Envoy) Log(level LogLevel, line []byte) {
	proxyLog(int32(level), unsafe.Pointer(unsafe.SliceData(line)), int32(len(line)))
}

// Now implements Host.
func (Envoy) Now() uint64 {
	resultTime = 0
	proxyGetCurrentTimeNanoseconds(unsafe.Pointer(&resultTime))
	return resultTime
}

// HeaderMap implements Host.
func (Envoy) HeaderMap(m MapType) ([]byte, bool) {
	begin()
	return result(proxyGetHeaderMapPairs(int32(m), unsafe.Pointer(&resultData), unsafe.Pointer(&resultSize)))
}

// SetHeader implements Host.
func (Envoy) SetHeader(m MapType, name, value string) bool {
	return proxyReplaceHeaderMapValue(int32(m), pointer(name), int32(len(name)), pointer(value), int32(len(value))) == 0
}

// Buffer implements Host.
func (Envoy) Buffer(b BufferType, start, max int) ([]byte, bool) {
	begin()
	return result(proxyGetBufferBytes(int32(b), int32(start), int32(max), unsafe.Pointer(&resultData), unsafe.Pointer(&resultSize)))
}

// Property implements Host.
func (Envoy) Property(path string) ([]byte, bool) {
	begin()
	return result(proxyGetProperty(pointer(path), int32(len(path)), unsafe.Pointer(&resultData), unsafe.Pointer(&resultSize)))
}

// Respond implements Host.
func (Envoy) Respond(status int, details, body string, headers []byte, grpc int) bool {
	return proxySendLocalResponse(int32(status), pointer(details), int32(len(details)), pointer(body), int32(len(body)),
		unsafe.Pointer(unsafe.SliceData(headers)), int32(len(headers)), int32(grpc)) == 0
}

// Call implements Host.
func (Envoy) Call(cluster string, headers, body []byte, timeoutMillis uint32) (uint32, bool) {
	resultID = 0
	status := proxyHTTPCall(pointer(cluster), int32(len(cluster)), unsafe.Pointer(unsafe.SliceData(headers)), int32(len(headers)),
		unsafe.Pointer(unsafe.SliceData(body)), int32(len(body)), nil, 0, int32(timeoutMillis), unsafe.Pointer(&resultID))
	return resultID, status == 0
}

// Tick implements Host.
func (Envoy) Tick(millis uint32) bool { return proxySetTickPeriodMilliseconds(int32(millis)) == 0 }

// Define implements Host.
func (Envoy) Define(t MetricType, name string) (uint32, bool) {
	resultID = 0
	status := proxyDefineMetric(int32(t), pointer(name), int32(len(name)), unsafe.Pointer(&resultID))
	return resultID, status == 0
}

// Add implements Host.
func (Envoy) Add(metric uint32, n int64) { proxyIncrementMetric(int32(metric), n) }

// Record implements Host.
func (Envoy) Record(metric uint32, value uint64) { proxyRecordMetric(int32(metric), value) }
