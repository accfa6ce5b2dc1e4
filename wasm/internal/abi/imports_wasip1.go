package abi

import "unsafe"

// The functions of the host. Pointers are addresses in the guest's memory;
// every function returns a status, 0 for success.

//go:wasmimport env proxy_log
//go:noescape
func proxyLog(level int32, text unsafe.Pointer, size int32) int32

//go:wasmimport env proxy_get_current_time_nanoseconds
//go:noescape
func proxyGetCurrentTimeNanoseconds(result unsafe.Pointer) int32

//go:wasmimport env proxy_get_header_map_pairs
//go:noescape
func proxyGetHeaderMapPairs(mapType int32, data, size unsafe.Pointer) int32

//go:wasmimport env proxy_replace_header_map_value
//go:noescape
func proxyReplaceHeaderMapValue(mapType int32, name unsafe.Pointer, nameSize int32, value unsafe.Pointer, valueSize int32) int32

//go:wasmimport env proxy_get_buffer_bytes
//go:noescape
func proxyGetBufferBytes(buffer, start, max int32, data, size unsafe.Pointer) int32

//go:wasmimport env proxy_get_property
//go:noescape
func proxyGetProperty(path unsafe.Pointer, pathSize int32, data, size unsafe.Pointer) int32

//go:wasmimport env proxy_send_local_response
//go:noescape
func proxySendLocalResponse(status int32, details unsafe.Pointer, detailsSize int32, body unsafe.Pointer, bodySize int32,
	headers unsafe.Pointer, headersSize, grpcStatus int32) int32

//go:wasmimport env proxy_http_call
//go:noescape
func proxyHTTPCall(cluster unsafe.Pointer, clusterSize int32, headers unsafe.Pointer, headersSize int32, body unsafe.Pointer, bodySize int32,
	trailers unsafe.Pointer, trailersSize, timeoutMillis int32, call unsafe.Pointer) int32

//go:wasmimport env proxy_set_tick_period_milliseconds
//go:noescape
func proxySetTickPeriodMilliseconds(millis int32) int32

//go:wasmimport env proxy_define_metric
//go:noescape
func proxyDefineMetric(metricType int32, name unsafe.Pointer, nameSize int32, id unsafe.Pointer) int32

//go:wasmimport env proxy_increment_metric
//go:noescape
func proxyIncrementMetric(id int32, n int64) int32

//go:wasmimport env proxy_record_metric
//go:noescape
func proxyRecordMetric(id int32, value uint64) int32
