package agent

import (
	"errors"
	"time"
)

// Report is what an agent says of itself at its start and every heartbeat
// (POST /v1/agents).
type Report struct {
	// ID names the instance: letters, digits, '-' and '_', at most 64.
	ID string `json:"id"`
	// Kind is the wrapper, "proxy", "kong"; Version is Glacis's.
	Kind    string `json:"kind"`
	Version string `json:"version"`
	// Model is the model's name and version, ModelType "basic" or "advanced";
	// Policy and Profile are the versions in force, "" if none. An error is why a
	// newer one is not in force. Updated is when one of them came last.
	Model       string    `json:"model,omitempty"`
	ModelType   string    `json:"model_type,omitempty"`
	ModelError  string    `json:"model_error,omitempty"`
	PolicyError string    `json:"policy_error,omitempty"`
	Updated     time.Time `json:"updated,omitzero"`
	Policy      string    `json:"policy,omitempty"`
	Profile     string    `json:"profile,omitempty"`
	Mode        string    `json:"mode,omitempty"`
	Host        string    `json:"host,omitempty"`
	// Started is when the instance did; LastSeen is set by the sidecar.
	Started  time.Time `json:"started"`
	LastSeen time.Time `json:"last_seen"`
	// The counters are since Started. Dropped observations and events found no
	// room while the sidecar was away or behind. FailOpen and FailClosed were let
	// through or refused because an inspection failed; Failures are all that did.
	Requests            uint64 `json:"requests"`
	Blocks              uint64 `json:"blocks"`
	FailOpen            uint64 `json:"fail_open,omitempty"`
	FailClosed          uint64 `json:"fail_closed,omitempty"`
	Failures            uint64 `json:"failures,omitempty"`
	DroppedObservations uint64 `json:"dropped_observations"`
	DroppedEvents       uint64 `json:"dropped_events"`
}

// maxText bounds the texts of a report.
const maxText = 200

// Check says what is wrong with a report.
func (r *Report) Check() error {
	if r.ID == "" || len(r.ID) > 64 {
		return errors.New("id: want 1 to 64 characters")
	}
	for _, c := range []byte(r.ID) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
			return errors.New("id: want letters, digits, '-' and '_'")
		}
	}
	if r.Kind == "" {
		return errors.New("kind: is required")
	}
	for _, text := range []string{r.Kind, r.Version, r.Model, r.Policy, r.Profile, r.Mode, r.Host, r.ModelType, r.ModelError, r.PolicyError} {
		if len(text) > maxText {
			return errors.New("a text is longer than 200 bytes")
		}
	}
	return nil
}

// Welcome is the sidecar's answer to a report.
type Welcome struct {
	// SourceKey and Period are for profile.Sources: all wrappers of a deployment
	// hash sources alike. The key is a secret.
	SourceKey []byte `json:"source_key"`
	Period    int64  `json:"period_seconds"`
	// PublicKey is the one that profiles are signed with.
	PublicKey string `json:"public_key"`
}

// Silence is how long an agent may say nothing before that is trouble; it
// reports every ten seconds.
const Silence = time.Minute

// Trouble is what an operator has to look at, one text each: a model or policy
// that was refused, and silence.
func (r *Report) Trouble(now time.Time) (out []string) {
	if r.ModelError != "" {
		out = append(out, "model: "+r.ModelError)
	}
	if r.PolicyError != "" {
		out = append(out, "policy: "+r.PolicyError)
	}
	if now.Sub(r.LastSeen) > Silence {
		out = append(out, "not heard of since "+r.LastSeen.UTC().Format(time.RFC3339))
	}
	return out
}
