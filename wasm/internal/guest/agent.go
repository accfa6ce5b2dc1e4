package guest

import (
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/sidecar/signing"
	"github.com/glacis-waf/glacis/wasm/internal/abi"
)

const (
	// tickMillis is the interval of the host's ticks; what there is to do is
	// mostly due much later.
	tickMillis = 250
	// callMillis bounds one call.
	callMillis = 10000
	// heartbeat is the time between two reports.
	heartbeat = 10 * second
	// recordBytes and eventBytes bound what waits to be sent, and again what is
	// on its way.
	recordBytes = 256 << 10
	eventBytes  = 128 << 10
)

// agent is what a root context does with its sidecar: it reports, sends
// observations and events, and takes profiles and models. It works on ticks and
// on answers only; a request gives it bytes, and waits for nothing. The package
// agent does the same for wrappers that are native.
type agent struct {
	vm *VM
	link
	id, started, node string
	tasks             [taskCount]task

	// met says that the sidecar learns and has told how to hash sources.
	met     bool
	sources profile.Sources
	key     signing.PublicKey
	trusted bool // key is set
	// asksPolicy says that the configuration has no policy of its own.
	asksPolicy bool
	// learned, tables and policy are what the sidecar gave, nil without; the tags are
	// their ETags.
	learned                         *profile.Profile
	tables                          *model.Model
	policy                          *policy.Policy
	learnedTag, modelTag, policyTag string

	// modelError and policyError are why what the sidecar has is not in force, ""
	// if it is; updated is when a model, a policy or a configuration came last.
	modelError, policyError string
	updated                 uint64

	records, events outbox
	// What is reported, since the start.
	requests, blocks               uint64
	failOpen, failClosed, failures uint64
	lostRecords, lostEvents        uint64
	headers                        []byte // of the call at hand
	complaint                      string // the last that was logged
}

// newAgent makes the agent of a link; nil without a sidecar. It begins with what
// another root context of this VM has been told by the same sidecar, which is
// how a new configuration does not forget what was learned.
func (vm *VM) newAgent(l link) *agent {
	if l.cluster == "" {
		return nil
	}
	now := vm.host.Now()
	a := &agent{vm: vm, link: l, id: newID(now), started: timestamp(now)}
	a.records.limit, a.events.limit = recordBytes, eventBytes
	if l.publicKey != "" {
		key, err := signing.ParsePublicKey(l.publicKey)
		a.key, a.trusted = key, err == nil // it was parsed before
	}
	for _, r := range vm.roots {
		if b := r.agent; b != nil && b.link == l && (b.met || b.tables != nil || b.policy != nil) {
			a.met, a.sources, a.key, a.trusted = b.met, b.sources, b.key, b.trusted
			a.learned, a.learnedTag, a.tables, a.modelTag = b.learned, b.learnedTag, b.tables, b.modelTag
			a.policy, a.policyTag = b.policy, b.policyTag
			break
		}
	}
	return a
}

// observing says whether requests are to be observed.
func (a *agent) observing() bool { return a != nil && a.met && a.learn }

// tick sends what is due.
func (a *agent) tick(p *plugin) {
	now := a.vm.host.Now()
	if a.tasks[taskReport].ready(now) {
		a.report(p, now)
	}
	if a.tasks[taskModel].ready(now) {
		a.ask(taskModel, now, modelPath, callMillis, "if-none-match", a.modelTag)
	}
	if a.asksPolicy && a.tasks[taskPolicy].ready(now) {
		a.ask(taskPolicy, now, policyPath, waitMillis, "if-none-match", a.policyTag)
	}
	if a.observing() && a.tasks[taskProfile].ready(now) {
		a.ask(taskProfile, now, profilePath, waitMillis, "if-none-match", a.learnedTag)
	}
	a.flush(taskRecords, &a.records, now)
	a.flush(taskEvents, &a.events, now)
}

// ask sends a GET. Header lines without a value are left out.
func (a *agent) ask(kind int, now uint64, path string, millis uint32, headers ...string) {
	a.call(kind, now, "GET", path, nil, millis, headers...)
}

// call sends a request to the sidecar.
func (a *agent) call(kind int, now uint64, method, path string, body []byte, millis uint32, headers ...string) {
	pairs := make([]string, 0, 16)
	pairs = append(pairs, ":method", method, ":path", path, ":authority", a.cluster)
	if a.token != "" {
		pairs = append(pairs, "authorization", "Bearer "+a.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i+1] != "" {
			pairs = append(pairs, headers[i], headers[i+1])
		}
	}
	a.headers = abi.AppendMap(a.headers[:0], pairs...)
	id, ok := a.vm.host.Call(a.cluster, a.headers, body, millis)
	a.tasks[kind].begin(id, ok, now, millis)
	if !ok {
		a.failed("the host does not send to the cluster")
	}
}

// answer takes the answer to a call. It returns whether the engine is to be made
// anew.
func (a *agent) answer(call uint32, size int) (renew bool) {
	kind := -1
	for i := range a.tasks {
		if a.tasks[i].waiting && a.tasks[i].call == call {
			kind = i
		}
	}
	if kind < 0 {
		return false
	}
	now, t := a.vm.host.Now(), &a.tasks[kind]
	t.waiting = false
	r, err := readReply(a.vm.host, size)
	if err == nil {
		switch kind {
		case taskReport:
			renew, err = a.welcome(&r, t, now)
		case taskProfile:
			renew, err = a.takeProfile(&r, t, now)
		case taskModel:
			renew, err = a.takeModel(&r, t, now)
			a.modelError = a.came(renew, err, now)
		case taskPolicy:
			renew, err = a.takePolicy(&r, t, now)
			a.policyError = a.came(renew, err, now)
		case taskRecords:
			err = a.delivered(&a.records, &r, t, now)
		case taskEvents:
			err = a.delivered(&a.events, &r, t, now)
		}
	}
	if err != nil {
		t.failed(now)
		a.failed(taskNames[kind] + ": " + err.Error())
	}
	return renew
}

// taskNames say in the log what went wrong.
var taskNames = [taskCount]string{"report", "ask for a profile", "ask for a model", "ask for a policy", "send observations", "send events"}

// failed counts a call that failed and logs why, but not the same again and
// again.
func (a *agent) failed(why string) {
	a.vm.metrics.add(a.vm.host, a.vm.metrics.failures, 1)
	if why != a.complaint {
		a.complaint = why
		a.vm.log(abi.LogWarn, "sidecar "+a.cluster+": "+why)
	}
}
