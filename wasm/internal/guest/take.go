package guest

import (
	"errors"

	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/wasm/internal/abi"
)

const (
	// profilePath lets the sidecar wait with its answer until there is a new
	// profile, and so does policyPath, for waitMillis at most with some time to
	// spare.
	profilePath = "/v1/profile?wait=20"
	policyPath  = "/v1/policy?wait=20"
	waitMillis  = 40000
	// maxProfile is the largest profile that is taken: a VM has 4 GiB of memory
	// at the very most, and the host keeps the answer too.
	maxProfile = 15 << 20
	// modelPath has the tables of the model instead of the archive.
	modelPath = "/v1/model/tables"
	// maxModel bounds a model; models/FORMAT.md allows no more.
	maxModel = 9 << 20
	// maxPolicy is the longest policy that is taken.
	maxPolicy = 8 << 20
)

// takeProfile takes the answer to a question for a profile. Nothing of it is
// looked at before the signature was found to be good.
func (a *agent) takeProfile(r *reply, t *task, now uint64) (renew bool, err error) {
	switch r.status {
	case 200:
	case 304, 404:
		if now-t.sent < second {
			t.failed(now) // it does not wait: too many do
		} else {
			t.done(now, 0)
		}
		return false, nil
	default:
		return false, r.fault()
	}
	m := &a.vm.metrics
	p, err := a.openProfile(r)
	if err != nil {
		m.add(a.vm.host, m.profileFailures, 1)
		return false, err
	}
	a.learned, a.learnedTag = p, r.etag
	t.done(now, 0)
	m.add(a.vm.host, m.profiles, 1)
	a.vm.log(abi.LogInfo, "profile "+p.Version()+" came from "+a.cluster)
	return true, nil
}

func (a *agent) openProfile(r *reply) (*profile.Profile, error) {
	data, err := r.body(a.vm.host, maxProfile)
	if err != nil {
		return nil, err
	}
	if err := a.key.Verify(data, r.signature); err != nil {
		return nil, err
	}
	return profile.Load(data)
}

// takeModel takes the answer to a question for a model: tables (models/FORMAT.md)
// or 404 from a sidecar that uses the built-in one, which is then used here too.
func (a *agent) takeModel(r *reply, t *task, now uint64) (renew bool, err error) {
	m := &a.vm.metrics
	wait := uint64(a.pollSeconds) * second
	switch r.status {
	case 304:
		t.done(now, wait)
		return false, nil
	case 404:
		renew = a.tables != nil
		a.tables, a.modelTag = nil, ""
		t.done(now, wait)
		return renew, nil
	case 200:
		tables, err := a.openModel(r)
		if err == nil {
			a.tables, a.modelTag = tables, r.etag
			t.done(now, wait)
			m.add(a.vm.host, m.updates, 1)
			a.vm.log(abi.LogInfo, "model "+tables.Name()+" came from "+a.cluster)
			return true, nil
		}
		m.add(a.vm.host, m.updateFailures, 1)
		return false, err
	}
	m.add(a.vm.host, m.updateFailures, 1)
	return false, r.fault()
}

// openModel checks a model. The sidecar has checked the publisher's signature;
// its own is wanted if the configuration names its key.
func (a *agent) openModel(r *reply) (*model.Model, error) {
	data, err := r.body(a.vm.host, maxModel)
	if err != nil {
		return nil, err
	}
	if a.publicKey != "" {
		if err := a.key.VerifyModel(data, r.signature); err != nil {
			return nil, errors.New("model: " + err.Error())
		}
	}
	return model.Load(data)
}
