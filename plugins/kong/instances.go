package kong

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// instances are the plugin configurations that Kong has started, one for every
// configuration and worker. Kong closes one only when it replaces it, so those
// that nobody used for long are dropped; Kong starts them again if it must.
type instances struct {
	policies *policies
	mu       sync.RWMutex
	known    map[int32]*instance
	next     int32
	now      func() time.Time
}

type instance struct {
	entity *entity
	used   atomic.Int64 // Unix seconds
	// closed is when Kong has closed it, 0 if it has not.
	closed int64
}

// The bounds on instances.
const (
	maxInstances = 4096
	maxIdle      = time.Hour
	// grace is how long an instance still answers after it was closed: other
	// requests of that worker may be about to use it, and an unknown instance
	// would cost them their connection.
	grace = time.Minute
)

// newInstances counts from a random number: an id of an earlier process must
// not name another configuration in this one.
func newInstances(ps *policies) *instances {
	return &instances{policies: ps, known: map[int32]*instance{}, next: rand.Int32N(1 << 30), now: time.Now}
}

// start makes an instance and returns its id. There is always one: Kong knows no
// answer for a bad configuration, and repeats without end what is not answered.
// The error says what is wrong; every request then has the fault "config".
func (is *instances) start(config string) (int32, error) {
	s, bad := ParseSettings([]byte(config))
	fault := ""
	if bad != nil {
		fault, bad = faultConfig, fmt.Errorf("configuration of plugin %s: %w", pluginID(config), bad)
	}
	e, err := is.policies.acquire(s, fault)
	if e == nil {
		return 0, err
	}
	if err != nil {
		bad = fmt.Errorf("configuration of plugin %s: %w", pluginID(config), err)
	}
	is.mu.Lock()
	defer is.mu.Unlock()
	is.next = is.next%(1<<31-1) + 1
	in := &instance{entity: e}
	in.used.Store(is.now().Unix())
	is.known[is.next] = in
	is.expire()
	return is.next, bad
}

// find returns the entity of an instance, nil if there is none.
func (is *instances) find(id int32) *entity {
	is.mu.RLock()
	in := is.known[id]
	is.mu.RUnlock()
	if in == nil {
		return nil
	}
	if now := is.now().Unix(); in.used.Load() != now {
		in.used.Store(now)
	}
	return in.entity
}

// close ends an instance, after a while; an unknown id is ignored.
func (is *instances) close(id int32) {
	is.mu.Lock()
	defer is.mu.Unlock()
	if in := is.known[id]; in != nil && in.closed == 0 {
		in.closed = is.now().Unix()
	}
	is.expire()
}

func (is *instances) remove(id int32) {
	if in := is.known[id]; in != nil {
		delete(is.known, id)
		is.policies.release(in.entity)
	}
}

// expire drops the instances that are closed or idle, and the idlest when there
// are too many.
func (is *instances) expire() {
	now := is.now()
	limit, closed := now.Add(-maxIdle).Unix(), now.Add(-grace).Unix()
	oldest, oldestID := int64(1<<62), int32(0)
	for id, in := range is.known {
		used := in.used.Load()
		if used < limit || in.closed != 0 && in.closed < closed {
			is.remove(id)
		} else if used < oldest {
			oldest, oldestID = used, id
		}
	}
	if len(is.known) > maxInstances {
		is.remove(oldestID)
	}
}
