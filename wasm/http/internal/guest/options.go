package guest

import (
	"errors"
	"strconv"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/gateway"
)

// The keys of a configuration beside those of gateway.Settings.
const (
	keyPolicy = "policy"
	keyHeld   = "maxHeldBytes"
)

const (
	// heldBytes is the default of the longest body that the host is made to hold.
	heldBytes = 32 << 20
	// leastHeld is the smallest: one piece.
	leastHeld = 32 << 10
)

// options is a configuration.
type options struct {
	gateway.Settings
	// held is the longest body that the host is made to hold. A longer one whose
	// length is declared is not inspected, one whose length is not is refused.
	held int64
	// policy is nil without one.
	policy *policy.Policy
}

// parseOptions reads a configuration. Traefik hands it over as JSON with strings
// for numbers and booleans where it came from labels.
func parseOptions(data []byte) (options, error) {
	o := options{held: heldBytes}
	settings, more, err := gateway.ParseSettings(data, keyPolicy, keyHeld)
	if err != nil {
		return o, err
	}
	o.Settings = settings
	if text := more[keyHeld]; text != "" {
		if o.held, err = strconv.ParseInt(text, 10, 64); err != nil || o.held < leastHeld {
			return o, errors.New(keyHeld + ": want a whole number of bytes, at least " + strconv.Itoa(leastHeld))
		}
	}
	if o.policy, err = gateway.ParsePolicyTexts(more[keyPolicy], time.Now()); err != nil {
		return o, err
	}
	return o, nil
}

// engine makes the engine. The host's random numbers are the same for every
// instance and after every start.
func (o *options) engine() (*core.Engine, error) {
	confidence, _ := core.ParseConfidence(o.Confidence) // checked with the settings
	return core.New(core.Config{Confidence: confidence, Limits: core.Limits{BodyBytes: o.MaxBodyBytes}, Policy: o.policy, Predictable: true})
}
