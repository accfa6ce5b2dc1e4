package api

import (
	"bufio"
	"errors"
	"io"
	"mime"
	"net/http"
	"sync"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/sidecar/api/inspection"
	"github.com/glacis-waf/glacis/sidecar/api/message"
)

// maxJSON is the longest request in the JSON form, which is held in memory.
const maxJSON = 4 << 20

// maxMargin is how much longer than Settings.MaxBodyBytes a message may be
// before the rest of it is not even read.
const maxMargin = message.MaxHead + 1<<20

// Inspect is POST /v1/inspect: the verdict on one request, which comes as an
// HTTP/1.1 message (application/http, streamed) or in the JSON of the corpus
// format (application/json, at most 4 MiB).
//
// The parameters: framing=none says that everything behind the empty line is
// the body, whatever the headers say (callers that have the bytes of a body
// and not those of a connection want this); truncated=true says that the body
// goes on; confidence=LEVEL asks for the action at another level than the
// sidecar's; source=ADDRESS is the client's address for the policy, or that of
// the last proxy before the caller.
//
// The caller decides and reports, so no event is written here; a fault
// (inspection.FaultPanic …) is in the answer, for the caller's fail mode.
func Inspect(s *inspection.Service) Route {
	h := inspectHandler{service: s, readers: &sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 8<<10) }},
		blocks: &sync.Pool{New: func() any { b := make([]byte, 32<<10); return &b }}}
	return Route{Pattern: "POST /v1/inspect", Agents: true, Handler: h}
}

type inspectHandler struct {
	service *inspection.Service
	readers *sync.Pool
	blocks  *sync.Pool
}

// ServeHTTP implements http.Handler.
func (h inspectHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p, err := inspectParams(r)
	if err != nil {
		Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	in := h.service.Begin("inspect")
	defer in.Close(nil)
	in.From(p.source)
	switch kind {
	case "application/http", "application/octet-stream", "":
		err = h.message(in, r.Body, &p)
	case "application/json":
		err = h.json(in, r.Body, &p)
	default:
		Problem(w, http.StatusUnsupportedMediaType, "The body must be application/http or application/json.")
		return
	}
	switch {
	case errors.Is(err, errRead):
		in.Fail(inspection.FaultBody)
		Problem(w, http.StatusBadRequest, "The request could not be read to its end.")
	case errors.Is(err, message.ErrLongHead) || errors.Is(err, errLongJSON):
		in.Fail(inspection.FaultBody)
		Problem(w, http.StatusRequestEntityTooLarge, err.Error())
	case err != nil:
		in.Fail(inspection.FaultBody)
		Problem(w, http.StatusBadRequest, err.Error())
	case in.Fault() == inspection.FaultOverload:
		w.Header().Set("Retry-After", "1")
		Problem(w, http.StatusServiceUnavailable, "Too many requests are being inspected.")
	default:
		JSON(w, newVerdict(in, &p))
	}
}

var (
	errRead     = errors.New("read the request")
	errLongJSON = errors.New("the JSON form is limited to 4 MiB; send application/http")
)

// params are the parameters of a call and what its message says about itself.
type params struct {
	framing    message.Framing
	truncated  bool
	confidence core.Confidence
	source     string
	id         string
}

func inspectParams(r *http.Request) (p params, err error) {
	for name, values := range r.URL.Query() {
		value := values[len(values)-1]
		switch {
		case name == "framing" && value == "none":
			p.framing = message.FramingNone
		case name == "framing" && value == "auto":
		case name == "truncated" && (value == "true" || value == "false"):
			p.truncated = value == "true"
		case name == "confidence":
			var ok bool
			if p.confidence, ok = core.ParseConfidence(value); !ok || p.confidence == core.ConfidenceNone {
				return p, errors.New("confidence: want medium, high or critical")
			}
		case name == "source":
			p.source = value
		case name == "framing":
			return p, errors.New("framing: want auto or none")
		case name == "truncated":
			return p, errors.New("truncated: want true or false")
		default:
			return p, errors.New("unknown parameter; there are framing, truncated, confidence, source")
		}
	}
	return p, nil
}

// message inspects an HTTP/1.1 message as it comes.
func (h inspectHandler) message(in *inspection.Inspection, body io.Reader, p *params) error {
	limited := io.LimitedReader{R: body, N: h.service.Settings().MaxBodyBytes + maxMargin}
	r, _ := h.readers.Get().(*bufio.Reader)
	r.Reset(&limited)
	block, _ := h.blocks.Get().(*[]byte)
	defer func() {
		r.Reset(nil)
		h.readers.Put(r)
		h.blocks.Put(block)
	}()
	head, err := message.ReadHead(r)
	if err != nil {
		if errors.Is(err, message.ErrNoRequest) || errors.Is(err, message.ErrLongHead) {
			return err
		}
		return errRead
	}
	p.id = inspection.RequestID(head.Get(h.service.Settings().RequestIDHeader))
	in.Head(head.Method, head.URI, head.Headers)
	b := message.NewBody(r, &head, p.framing)
	for {
		n, err := b.Read(*block)
		in.Body((*block)[:n])
		if err == io.EOF {
			break
		}
		if err != nil {
			return errRead
		}
	}
	in.Skip(b.Missing + b.Extra)
	p.truncated = p.truncated || b.Truncated || limited.N <= 0
	in.End(b.Trailers)
	return nil
}

// json inspects a request in the corpus format.
func (h inspectHandler) json(in *inspection.Inspection, body io.Reader, p *params) error {
	data, err := io.ReadAll(io.LimitReader(body, maxJSON+1))
	if err != nil {
		return errRead
	}
	if len(data) > maxJSON {
		return errLongJSON
	}
	req, err := message.ParseJSON(data)
	if err != nil {
		return err
	}
	p.id = inspection.RequestID(req.Get(h.service.Settings().RequestIDHeader))
	p.truncated = p.truncated || req.Truncated
	in.Head(req.Method, req.URI, req.Headers)
	in.Body(req.Body)
	in.End(req.Trailers)
	return nil
}
