package host

import (
	"context"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// The statuses of the ABI.
const (
	ok          = 0
	notFound    = 1
	badArgument = 2
	internal    = 10
)

// bind adds the functions of the module "env".
func bind(b wazero.HostModuleBuilder) wazero.HostModuleBuilder {
	for name, f := range map[string]any{
		"proxy_log":                          proxyLog,
		"proxy_get_current_time_nanoseconds": proxyTime,
		"proxy_get_header_map_pairs":         proxyPairs,
		"proxy_replace_header_map_value":     proxyReplace,
		"proxy_get_buffer_bytes":             proxyBuffer,
		"proxy_get_property":                 proxyProperty,
		"proxy_send_local_response":          proxyRespond,
		"proxy_http_call":                    proxyCall,
		"proxy_set_tick_period_milliseconds": proxyTick,
		"proxy_define_metric":                proxyDefine,
		"proxy_increment_metric":             proxyIncrement,
		"proxy_record_metric":                proxyRecord,
	} {
		b = b.NewFunctionBuilder().WithFunc(f).Export(name)
	}
	return b
}

// text reads guest memory.
func text(m api.Module, at, size uint32) string {
	b, _ := m.Memory().Read(at, size) // out of range reads as nothing: the guest's defect shows in the test
	return string(b)
}

// give hands bytes to the guest in memory that it allocates.
func give(ctx context.Context, m api.Module, function string, b []byte, data, size uint32) int32 {
	vm := of(ctx)
	if vm.Corrupt != nil {
		var status int32
		if b, status = vm.Corrupt(function, b); status != ok {
			return status
		}
	}
	at := uint64(0)
	if len(b) > 0 {
		out, err := m.ExportedFunction("proxy_on_memory_allocate").Call(ctx, uint64(len(b)))
		if err != nil || out[0] == 0 {
			return internal
		}
		at = out[0]
	}
	if !m.Memory().Write(uint32(at), b) || !m.Memory().WriteUint32Le(data, uint32(at)) || !m.Memory().WriteUint32Le(size, uint32(len(b))) {
		return internal
	}
	return ok
}

func proxyLog(ctx context.Context, m api.Module, level int32, at, size uint32) int32 {
	vm := of(ctx)
	vm.Logs = append(vm.Logs, Line{level, text(m, at, size)})
	return ok
}

func proxyTime(ctx context.Context, m api.Module, result uint32) int32 {
	m.Memory().WriteUint64Le(result, uint64(time.Now().Add(of(ctx).Ahead).UnixNano()))
	return ok
}

func proxyPairs(ctx context.Context, m api.Module, mapType int32, data, size uint32) int32 {
	vm := of(ctx)
	var pairs [][2]string
	switch {
	case mapType == 0 && vm.stream != nil:
		pairs = vm.stream.headers
	case mapType == 1 && vm.stream != nil:
		pairs = vm.stream.trailers
	case mapType == 6 && vm.response != nil:
		pairs = vm.response.answer
	default:
		return badArgument
	}
	return give(ctx, m, "proxy_get_header_map_pairs", encodePairs(pairs), data, size)
}

func proxyReplace(ctx context.Context, m api.Module, mapType int32, name, nameSize, value, valueSize uint32) int32 {
	s := of(ctx).stream
	if mapType != 0 || s == nil {
		return badArgument
	}
	key := text(m, name, nameSize)
	kept := make([][2]string, 0, len(s.headers)+1)
	for _, h := range s.headers {
		if h[0] != key {
			kept = append(kept, h)
		}
	}
	s.headers = append(kept, [2]string{key, text(m, value, valueSize)})
	return ok
}

func proxyBuffer(ctx context.Context, m api.Module, buffer int32, start, most, data, size uint32) int32 {
	vm := of(ctx)
	var b []byte
	switch {
	case buffer == 0 && vm.stream != nil:
		b = vm.stream.buffer
	case buffer == 4 && vm.response != nil:
		b = vm.response.body
	case buffer == 7:
		b = vm.config
	default:
		return badArgument
	}
	from := min(uint64(start), uint64(len(b)))
	to := min(from+uint64(most), uint64(len(b)))
	return give(ctx, m, "proxy_get_buffer_bytes", b[from:to], data, size)
}

func proxyProperty(ctx context.Context, m api.Module, path, pathSize, data, size uint32) int32 {
	value, known := of(ctx).Properties[text(m, path, pathSize)]
	if !known {
		return notFound
	}
	return give(ctx, m, "proxy_get_property", []byte(value), data, size)
}

func proxyRespond(ctx context.Context, m api.Module, status int32, details, detailsSize, body, bodySize, headers, headersSize uint32, grpc int32) int32 {
	s := of(ctx).stream
	pairs, whole := decodePairs([]byte(text(m, headers, headersSize)))
	if s == nil || !whole || s.Response != nil {
		return badArgument
	}
	s.Response = &Response{Status: int(status), Details: text(m, details, detailsSize), Body: text(m, body, bodySize), Headers: pairs, GRPC: grpc}
	return ok
}

func proxyCall(ctx context.Context, m api.Module, cluster, clusterSize, headers, headersSize, body, bodySize, _, _ uint32, millis int32, result uint32) int32 {
	vm := of(ctx)
	pairs, whole := decodePairs([]byte(text(m, headers, headersSize)))
	if !whole {
		return badArgument
	}
	vm.lastID++
	vm.Calls = append(vm.Calls, Call{Cluster: text(m, cluster, clusterSize), Headers: pairs,
		Body: []byte(text(m, body, bodySize)), Millis: millis, root: vm.root, id: vm.lastID})
	m.Memory().WriteUint32Le(result, vm.lastID)
	return ok
}

func proxyTick(ctx context.Context, _ api.Module, millis uint32) int32 {
	of(ctx).TickMillis = millis
	return ok
}

func proxyDefine(ctx context.Context, m api.Module, _ int32, name, size, result uint32) int32 {
	vm := of(ctx)
	key := text(m, name, size)
	id, known := vm.ids[key]
	if !known {
		vm.names = append(vm.names, key)
		id = uint32(len(vm.names))
		vm.ids[key] = id
	}
	m.Memory().WriteUint32Le(result, id)
	return ok
}

func proxyIncrement(ctx context.Context, _ api.Module, id int32, n int64) int32 {
	return of(ctx).count(id, n)
}

func proxyRecord(ctx context.Context, _ api.Module, id int32, _ uint64) int32 {
	return of(ctx).count(id, 1)
}

func (vm *VM) count(id int32, n int64) int32 {
	if id < 1 || int(id) > len(vm.names) {
		return notFound
	}
	vm.Metrics[vm.names[id-1]] += n
	return ok
}
