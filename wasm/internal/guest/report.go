package guest

import (
	"encoding/base64"
	"errors"
	"math/rand/v2"
	"strconv"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/sidecar/signing"
	"github.com/glacis-waf/glacis/wasm/internal/abi"
)

const (
	// maxNode bounds the name of the host in reports.
	maxNode = maxText
	// maxText bounds every text in reports.
	maxText = 200
	// maxWelcome bounds the answer to a report.
	maxWelcome = 64 << 10
)

// newID names an agent. Random numbers come from the host, which may have few;
// the time tells VMs apart then.
func newID(now uint64) string {
	return "envoy-" + strconv.FormatUint(now, 36) + "-" + strconv.FormatUint(rand.Uint64(), 36)
}

// came notes what became of a model or a policy, and returns what is wrong with
// it, "" for nothing, in the length that a sidecar takes.
func (a *agent) came(renew bool, err error, now uint64) string {
	if renew {
		a.updated = now
	}
	if err == nil {
		return ""
	}
	return gateway.Clip(err.Error(), maxText)
}

// timestamp is a time of the host's clock in whole seconds.
func timestamp(now uint64) string { return string(appendTime(nil, now/second*second)) }

// report says that the agent is there: an agent.Report of the native agent.
func (a *agent) report(p *plugin, now uint64) {
	if a.node == "" {
		if name, ok := a.vm.host.Property("xds\x00node\x00id"); ok && len(name) > 0 {
			a.node = gateway.Clip(string(name), maxNode)
		}
	}
	b := append(append([]byte(`{"id":"`), a.id...), '"')
	b = gateway.AppendMember(b, "kind", Name)
	b = gateway.AppendMember(b, "version", core.Version)
	b = gateway.AppendMember(b, "model", p.engine.Model())
	b = gateway.AppendMember(b, "model_type", p.engine.ModelType())
	b = gateway.AppendMember(b, "model_error", a.modelError)
	b = gateway.AppendMember(b, "policy_error", a.policyError)
	b = gateway.AppendMember(b, "updated", timestamp(a.updated))
	if p.policy != nil {
		b = gateway.AppendMember(b, "policy", p.policy.Version())
	}
	if a.learned != nil {
		b = gateway.AppendMember(b, "profile", a.learned.Version())
	}
	b = gateway.AppendMember(b, "mode", p.Mode)
	b = gateway.AppendMember(b, "host", a.node)
	b = gateway.AppendMember(b, "started", a.started)
	b = gateway.AppendCount(b, "requests", int64(a.requests))
	b = gateway.AppendCount(b, "blocks", int64(a.blocks))
	b = gateway.AppendCount(b, "fail_open", int64(a.failOpen))
	b = gateway.AppendCount(b, "fail_closed", int64(a.failClosed))
	b = gateway.AppendCount(b, "failures", int64(a.failures))
	b = gateway.AppendCount(b, "dropped_observations", int64(a.lostRecords))
	b = gateway.AppendCount(b, "dropped_events", int64(a.lostEvents))
	a.call(taskReport, now, "POST", "/v1/agents", append(b, '}'), callMillis, "content-type", "application/json")
}

// welcome reads the sidecar's answer to a report (agent.Welcome). One that does
// not learn has no such endpoint; it may still have a model.
func (a *agent) welcome(r *reply, t *task, now uint64) (renew bool, err error) {
	if r.status == 404 {
		renew = a.met
		a.met = false
		t.done(now, lastPause)
		return renew, nil
	}
	if r.status != 200 {
		return false, r.fault()
	}
	data, err := r.body(a.vm.host, maxWelcome)
	if err != nil {
		return false, err
	}
	var secret []byte
	period, key := int64(0), ""
	err = gateway.Object(data, func(name, value string) (err error) {
		switch name {
		case "source_key":
			secret, err = base64.StdEncoding.DecodeString(value)
		case "period_seconds":
			period, err = strconv.ParseInt(value, 10, 64)
		case "public_key":
			key = value
		}
		return err
	})
	if err != nil || len(secret) != len(a.sources.Key) || period < 0 {
		return false, errors.New("not the answer of a sidecar")
	}
	if !a.trusted {
		if a.key, err = signing.ParsePublicKey(key); err != nil {
			return false, err
		}
		a.trusted = true
	}
	copy(a.sources.Key[:], secret)
	a.sources.Period = period
	if a.complaint != "" {
		a.complaint = ""
		a.vm.log(abi.LogInfo, "sidecar "+a.cluster+": answers again")
	}
	renew = !a.met
	a.met = true
	t.done(now, heartbeat)
	return renew, nil
}
