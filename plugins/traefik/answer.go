package traefik

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/policy"
)

// answer is what POST /v1/inspect says. Exported for encoding/json.
type answer struct {
	Confidence  string `json:"confidence"`
	Score       int    `json:"score"`
	Family      string `json:"family"`
	Location    string `json:"location"`
	Window      string `json:"window"`
	Uninspected int64  `json:"uninspected_bytes"`
	Model       string `json:"model"`
	Fault       string `json:"fault"`
	// The following are set when the sidecar has a policy.
	Action     string             `json:"action"`
	Policy     string             `json:"policy"`
	Asset      string             `json:"asset"`
	Mode       string             `json:"mode"`
	Reason     string             `json:"reason"`
	Exceptions []policy.Mark      `json:"exceptions"`
	Violations []policy.Violation `json:"violations"`
}

const (
	// answerID stands before the id in an answer, answerEnd behind it in most.
	answerID  = `,"request_id":"`
	answerEnd = `","truncated":false}`
	// answersKept bounds the answers that are remembered.
	answersKept = 64
)

// answers remembers what was said of honest requests, which is the same but for
// the id: encoding/json takes long to fill a struct of the interpreter's. It is
// safe for concurrent use.
type answers struct {
	mu   sync.Mutex
	seen map[string]answer // by the text before the id
}

// parse reads an answer.
func (m *answers) parse(data []byte) (answer, error) {
	// In a string of JSON there is a backslash before each quote, so that what
	// follows is found where it belongs only.
	said, rest, _ := strings.Cut(string(data), answerID)
	id := strings.IndexByte(rest, '"')
	usual := id >= 0 && strings.TrimSuffix(rest[id:], "\n") == answerEnd
	if usual {
		m.mu.Lock()
		a, ok := m.seen[said]
		m.mu.Unlock()
		if ok {
			return a, nil
		}
	}
	var a answer
	err := json.Unmarshal(data, &a)
	if err != nil {
		return a, err
	}
	level, ok := core.ParseConfidence(a.Confidence)
	if !ok {
		return a, errors.New("answer without a confidence")
	}
	if usual && level == core.ConfidenceNone {
		m.keep(said, a)
	}
	return a, nil
}

func (m *answers) keep(said string, a answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen == nil || len(m.seen) >= answersKept {
		m.seen = map[string]answer{}
	}
	m.seen[said] = a
}

// verdict is the answer as the engine would have put it, with the action that
// follows at the level given, or from the sidecar's policy.
func (a *answer) verdict(level core.Confidence) core.Verdict {
	v := core.Verdict{Score: a.Score, Location: a.Location, Window: a.Window, Uninspected: a.Uninspected, Model: a.Model}
	reached, _ := core.ParseConfidence(a.Confidence)
	v.Confidence = reached
	family, _ := model.ParseFamily(a.Family)
	v.Family = family
	if a.Policy != "" {
		v.Policy = a.Policy
		v.Asset = a.Asset
		v.Mode = a.Mode
		v.Reason = a.Reason
		v.Exceptions = a.Exceptions
		v.Violations = a.Violations
		if a.Action == core.Block.Name() {
			v.Action = core.Block
		}
		return v
	}
	if reached >= level {
		v.Action = core.Block
	}
	return v
}
