package guest

import (
	"errors"
	"time"

	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/gateway"
	"github.com/glacis-waf/glacis/wasm/internal/abi"
)

// takePolicy takes the answer to a question for a policy. One that is wrong or
// not signed leaves the old one in force, and so does a sidecar that has none any
// more: sites must not lose their rules by a restart.
func (a *agent) takePolicy(r *reply, t *task, now uint64) (renew bool, err error) {
	m := &a.vm.metrics
	wait := uint64(0)
	if now-t.sent < second { // it does not wait: it has nothing to wait for, or too many do
		wait = uint64(a.pollSeconds) * second
	}
	if r.status == 304 || r.status == 404 && a.policy == nil {
		t.done(now, wait)
		return false, nil
	}
	p, err := a.openPolicy(r)
	if err != nil {
		m.add(a.vm.host, m.policyFailures, 1)
		return false, err
	}
	a.policy, a.policyTag = p, r.etag
	t.done(now, 0)
	m.add(a.vm.host, m.policies, 1)
	a.vm.log(abi.LogInfo, "policy "+p.Version()+" came from "+a.cluster)
	a.vm.ignores(p)
	return true, nil
}

// openPolicy checks a policy. A key in the configuration must have signed it; of
// a key that only the sidecar named, a signature that is there must be good.
func (a *agent) openPolicy(r *reply) (*policy.Policy, error) {
	if r.status == 404 {
		return nil, errors.New("there is none any more, the old one stays in force")
	}
	if r.status != 200 {
		return nil, r.fault()
	}
	data, err := r.body(a.vm.host, maxPolicy)
	if err != nil {
		return nil, err
	}
	if a.publicKey != "" || a.trusted && r.signature != "" {
		if err := a.key.VerifyPolicy(data, r.signature); err != nil {
			return nil, err
		}
	}
	if len(data) == 0 {
		return nil, errors.New("an empty answer")
	}
	return gateway.ParsePolicy(string(data), time.Now())
}
