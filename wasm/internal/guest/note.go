package guest

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/wasm/internal/abi"
)

// How much of a request an event shows at most.
const (
	maxID        = 128
	maxMethod    = 32
	maxAuthority = 256
	maxPath      = 512
	maxAccept    = 512
	maxClient    = 64
)

// note is what is remembered of a request beside its inspection: what events
// and refusals need, and how its body is to be dealt with.
type note struct {
	// These lie in the host's memory and are valid within headers only.
	fullMethod, target, fullAuthority, givenID string
	// These lie in text.
	id, method, authority, path string
	accept                      string // of all lines
	client                      string // the address, perhaps with a port; "" if it was not asked for
	grpc                        bool
	tunnel                      bool  // nothing that follows the headers is HTTP
	streaming                   bool  // the client may wait for an answer amid its body
	upgrade, socket             bool  // Upgrade was sent, and its last line asks for a WebSocket
	length                      int64 // Content-Length, -1 when there is none
	text                        [maxID + maxMethod + maxAuthority + maxPath + maxAccept + 2*maxClient]byte
	used                        int
	acceptAt                    int
}

func (n *note) reset() {
	n.fullMethod, n.target, n.fullAuthority, n.givenID = "", "", "", ""
	n.id, n.method, n.authority, n.path, n.accept, n.client = "", "", "", "", "", ""
	n.grpc, n.tunnel, n.streaming = false, false, false
	n.upgrade, n.socket = false, false
	n.length = -1
	n.used, n.acceptAt = 0, 0
}

const connect = "CONNECT"

// pseudo takes the pseudo headers, of several the first. They come first (RFC
// 9113 section 8.3; Envoy keeps its maps so), so that this ends soon, but it
// finds them elsewhere, too.
func (n *note) pseudo(pairs abi.Pairs) {
	for n.fullMethod == "" || n.target == "" || n.fullAuthority == "" {
		name, value, more := pairs.Next()
		if !more {
			break
		}
		switch {
		case name == ":method" && n.fullMethod == "":
			n.fullMethod = value
		case name == ":path" && n.target == "":
			n.target = value
		case name == ":authority" && n.fullAuthority == "":
			n.fullAuthority = value
		}
	}
	if n.fullMethod == connect && n.target == "" {
		n.target = n.fullAuthority
	}
	n.acceptAt = n.used
}

// taken tells the pseudo headers that are not judged as headers. ":scheme" is
// http or https, or Envoy refuses the request.
func (n *note) taken(name, value string) bool {
	return len(name) > 0 && name[0] == ':' && (name == ":method" && value == n.fullMethod || name == ":path" && value == n.target ||
		name == ":authority" && value == n.fullAuthority || name == ":scheme")
}

// next returns the next header that is to be judged, and notes what matters
// beside the verdict.
func (n *note) next(pairs *abi.Pairs, idHeader string) (name, value string, more bool) {
	name, value, more = pairs.Next()
	for n.taken(name, value) {
		name, value, more = pairs.Next()
	}
	switch name {
	case "accept":
		n.takeAccept(value)
	case "content-type":
		n.grpc = n.grpc || prefixed(value, "application/grpc")
		n.streaming = n.streaming || n.grpc || prefixed(value, "application/connect+")
	case "content-length":
		n.length = contentLength(value)
	case "upgrade":
		n.upgrade = true
		n.socket = strings.EqualFold(value, "websocket")
	}
	if name == idHeader {
		n.givenID = value
	}
	return name, value, more
}

// takeAccept joins the lines of Accept, which begin at acceptAt in text: nothing
// else takes room there meanwhile.
func (n *note) takeAccept(value string) {
	end := n.acceptAt + maxAccept
	if n.used > n.acceptAt && n.used < end {
		n.text[n.used] = ','
		n.used++
	}
	n.copy(value, end-n.used)
	n.accept = abi.Text(n.text[n.acceptAt:n.used])
}

// contentLength reads a Content-Length; one that is no number, which hosts
// refuse anyway, is taken as the longest, which is never reached.
func contentLength(value string) int64 {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 0 {
		return math.MaxInt64
	}
	return n
}

func prefixed(value, prefix string) bool {
	return len(value) >= len(prefix) && strings.EqualFold(value[:len(prefix)], prefix)
}

// keep copies what outlives the headers, and draws conclusions from them.
func (n *note) keep() {
	isConnect := n.fullMethod == connect
	n.streaming = n.streaming || n.upgrade || isConnect
	// What a WebSocket client sends is masked, so nothing in it can be judged.
	// Other upgrades may be ignored by the upstream, which then reads a body.
	n.tunnel = isConnect || n.upgrade && n.socket && n.length < 0 && n.fullMethod == "GET"
	n.method = n.copy(n.fullMethod, maxMethod)
	n.authority = n.copy(n.fullAuthority, maxAuthority)
	path := n.target
	if i := strings.IndexByte(path, '?'); i >= 0 {
		path = path[:i]
	}
	n.path = n.copy(path, maxPath)
	if gateway.KeepID(n.givenID) {
		n.id = n.copy(n.givenID, maxID)
	}
	n.fullMethod, n.target, n.fullAuthority, n.givenID = "", "", "", ""
}

func (n *note) copy(s string, most int) string {
	if len(s) > most {
		s = s[:most]
	}
	from := n.used
	n.used += copy(n.text[from:], s)
	return abi.Text(n.text[from:n.used])
}

// identify makes a request id where the client gave none that is harmless, and
// sets the header, unless traffic is not to be altered.
func (s *stream) identify() {
	if s.id != "" {
		return
	}
	const digits = "0123456789abcdef"
	var id [32]byte
	for i := 0; i < len(id); i += 16 {
		r := rand.Uint64()
		for j := range 16 {
			id[i+j] = digits[r>>(4*j)&15]
		}
	}
	s.id = s.note.copy(abi.Text(id[:]), maxID)
	if s.prevents() {
		s.vm.host.SetHeader(abi.RequestHeaders, s.plugin.idHeader, s.id)
	}
}
