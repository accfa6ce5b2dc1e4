package conformance

import (
	"context"
	"os"
	"testing"

	"github.com/glacis-waf/glacis/core"
)

// Target is a gateway, or anything else that judges requests, under test.
type Target interface {
	// Name is gateway and mode as in the event's observer.name, such as
	// "traefik/embedded"; a version may follow: "envoy/wasm 1.36.4".
	Name() string
	// Start brings the target up before the backend, an address "host:port"
	// that takes HTTP/1.1 and HTTP/2 without TLS, with the settings mode prevent
	// and log all and everything else at its default. What it starts it stops in
	// t.Cleanup. It calls t.Skip, saying which command would help, when it
	// needs something that is not installed.
	Start(t testing.TB, backend string) Instance
	// Deviations lists what is different for reasons that are the gateway's
	// own. A deviation that does not show, or that names no case, is a failure.
	Deviations() []Deviation
}

// Instance is a running target. Its methods are called from one goroutine.
type Instance interface {
	// Exchange sends one request and waits for the answer.
	Exchange(ctx context.Context, m *Message) (*Answer, error)
	// Event waits for the event with a request id until ctx ends; ok is false
	// if none came.
	Event(ctx context.Context, id string) (e Event, ok bool)
}

// Viewer is implemented by targets whose gateway shows the engine another
// request than the client sent, such as one with a normalised path. The verdict
// is then compared with the engine's on what View returns.
type Viewer interface {
	View(r core.Request) core.Request
}

// Rewriter is implemented by targets whose gateway hands another request on than
// it showed the engine. What arrives may then also be what HandedOn makes of what
// the engine saw.
type Rewriter interface {
	HandedOn(r core.Request) core.Request
}

// Slow is implemented by targets that take long for a request. Sample is how
// many recorded requests they get at most, except in `make conformance`.
type Slow interface {
	Sample() int
}

// Full says whether this is a run of `make conformance` (GLACIS_FULL is set), in
// which slow targets leave nothing out.
func Full() bool { return os.Getenv("GLACIS_FULL") != "" }

// Kind says in what a target deviates from the suite.
type Kind string

// The kinds of deviations.
const (
	// Skipped: the request cannot be brought to the target; it is not sent.
	Skipped Kind = "skipped"
	// Refused: the gateway itself refuses the request, before Glacis.
	Refused Kind = "refused"
	// Altered: the gateway itself changes the request, so that what the
	// upstream sees and the verdict are not compared. The action still is; only
	// may a gateway repair a malformed request and pass it on.
	Altered Kind = "altered"
)

// Deviation is one difference with its reason.
type Deviation struct {
	// Cases is a pattern of path.Match for "group/id": "protocol/fragment-*".
	Cases string
	Kind  Kind
	// Reason is a sentence for the reader of docs/conformance.md. It must not
	// be empty.
	Reason string
}

// Answer is what a client got.
type Answer struct {
	// Status is the final status, 0 if the connection ended without one.
	Status int
	// Header names are in canonical form.
	Header map[string][]string
	// Body is at most 1 MiB.
	Body []byte
	// Direct says that there was no upstream, so that only the verdict counts.
	Direct bool
}
