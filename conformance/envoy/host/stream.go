package host

import "errors"

// Stream is one request. Its calls follow the wire: Headers, Body…, Trailers.
type Stream struct {
	// Upstream is what was passed on.
	Upstream Upstream
	// Response is the guest's own answer, nil when it gave none.
	Response *Response

	plugin   *Plugin
	id       uint32
	headers  [][2]string
	trailers [][2]string
	buffer   []byte
	paused   bool // at the headers
}

// Upstream is what the upstream got of a request.
type Upstream struct {
	Headers [][2]string // nil: nothing yet
	Body    []byte
	Ended   bool
}

// Response is an answer of the guest's own.
type Response struct {
	Status  int
	Details string
	Body    string
	Headers [][2]string
	GRPC    int32
}

// ErrStuck says that the guest paused a request at its headers without
// HoldsHeaders: Envoy would never hand the body over.
var ErrStuck = errors.New("the guest pauses at headers, which this host does not allow")

// maxBuffer is Envoy's default buffer limit; a paused body beyond it is
// answered 413.
const maxBuffer = 1 << 20

// ErrTooLong says that the guest held a body back beyond the buffer limit.
var ErrTooLong = errors.New("the guest holds more of a body than the host buffers")

// Begin starts a request.
func (p *Plugin) Begin() (*Stream, error) {
	p.vm.lastID++
	s := &Stream{plugin: p, id: p.vm.lastID}
	_, err := p.vm.call("proxy_on_context_create", uint64(s.id), uint64(p.id))
	return s, err
}

// Headers hands the headers over, pseudo headers included.
func (s *Stream) Headers(headers [][2]string, end bool) error {
	s.headers = headers
	action, err := s.callback("proxy_on_request_headers", uint64(len(headers)), flag(end))
	if err != nil || s.Response != nil {
		return err
	}
	if action == 1 {
		if !s.plugin.HoldsHeaders && !end {
			return ErrStuck
		}
		s.paused = true
		return nil
	}
	s.Upstream.Headers, s.Upstream.Ended = s.headers, end
	return nil
}

// Body hands a chunk over. With a pause the host keeps it, and hands all that
// it kept over again with the next.
func (s *Stream) Body(chunk []byte, end bool) error {
	s.buffer = append(s.buffer, chunk...)
	action, err := s.callback("proxy_on_request_body", uint64(len(s.buffer)), flag(end))
	if err != nil || s.Response != nil {
		return err
	}
	if action == 1 {
		if len(s.buffer) > maxBuffer {
			return ErrTooLong
		}
		return nil
	}
	s.release(end)
	return nil
}

// Trailers hands the trailers over, with which the request ends.
func (s *Stream) Trailers(trailers [][2]string) error {
	s.trailers = trailers
	action, err := s.callback("proxy_on_request_trailers", uint64(len(trailers)))
	if err == nil && s.Response == nil && action == 0 {
		s.release(true)
	}
	return err
}

// release passes on what is held.
func (s *Stream) release(end bool) {
	s.Upstream.Headers = s.headers
	s.Upstream.Body = append(s.Upstream.Body, s.buffer...)
	s.Upstream.Ended = end
	s.buffer, s.paused = nil, false
}

// Close ends the stream.
func (s *Stream) Close() error {
	for _, name := range []string{"proxy_on_log", "proxy_on_done", "proxy_on_delete"} {
		if _, err := s.plugin.vm.call(name, uint64(s.id)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stream) callback(name string, args ...uint64) (uint64, error) {
	vm := s.plugin.vm
	vm.stream = s
	defer func() { vm.stream = nil }()
	return vm.call(name, append([]uint64{uint64(s.id)}, args...)...)
}

func flag(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}
