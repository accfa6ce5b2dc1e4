package guest

import (
	"encoding/base64"
	"errors"
	"strconv"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/gateway"
)

// The keys of a plugin configuration beside those of gateway.Settings and
// those in link.go.
const (
	keyHoldHeaders    = "holdHeaders"
	keyModel          = "model"
	keyMaxInspections = "maxInspections"
	keyPolicy         = "policy"
)

// options is a plugin configuration.
type options struct {
	gateway.Settings
	// holdHeaders keeps the request headers from the upstream until the body's
	// first block is judged. It needs allow_on_headers_stop_iteration in Envoy.
	holdHeaders bool
	// model replaces the embedded one; nil keeps it.
	model *model.Model
	// sidecar is how the plugin is tied to a sidecar.
	sidecar link
	// maxInspections is how many requests with a body one VM inspects at a time;
	// each holds about 300 KiB. Default 256.
	maxInspections int
	// policy is nil without one.
	policy *policy.Policy
}

func parseOptions(data []byte) (options, error) {
	o := options{maxInspections: 256}
	settings, more, err := gateway.ParseSettings(data, keyHoldHeaders, keyModel, keyMaxInspections, keyPolicy,
		keySidecar, keySidecarToken, keyPublicKey, keyLearn, keySendEvents, keyPollSeconds)
	if err != nil {
		return o, err
	}
	o.Settings = settings
	if o.sidecar, err = parseLink(more); err != nil {
		return o, err
	}
	if o.holdHeaders, err = gateway.ParseBool(more[keyHoldHeaders]); err != nil {
		return o, stage(keyHoldHeaders, err)
	}
	if o.maxInspections, err = number(more, keyMaxInspections, o.maxInspections, 1, 4096); err != nil {
		return o, err
	}
	if o.policy, err = gateway.ParsePolicy(more[keyPolicy], time.Now()); err != nil {
		return o, err
	}
	if more[keyModel] != "" {
		raw, err := base64.StdEncoding.DecodeString(more[keyModel])
		if err != nil {
			return o, stage(keyModel, err)
		}
		if o.model, err = model.Load(raw); err != nil {
			return o, stage(keyModel, err)
		}
	}
	return o, nil
}

// number reads a whole number from a configuration.
func number(more map[string]string, key string, byDefault, least, most int) (int, error) {
	text := more[key]
	if text == "" {
		return byDefault, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, errors.New(key + ": want a whole number from " + strconv.Itoa(least) + " to " + strconv.Itoa(most))
	}
	return n, nil
}

// stage says where an error happened.
func stage(where string, err error) error { return errors.New(where + ": " + err.Error()) }

// engine makes the engine of a configuration with a model, nil for the embedded
// one.
func (o *options) engine(m *model.Model) (*core.Engine, error) {
	confidence, _ := core.ParseConfidence(o.Confidence) // checked with the settings
	return core.New(core.Config{Model: m, Confidence: confidence, Limits: core.Limits{BodyBytes: o.MaxBodyBytes}, Policy: o.policy})
}
