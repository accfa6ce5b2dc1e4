package kong

import (
	"fmt"
	"testing"
	"time"
)

func TestInstancesExpire(t *testing.T) {
	is := newInstances(newPolicies(Models{}, nil, nil, nil))
	clock := time.Unix(1e9, 0)
	is.now = func() time.Time { return clock }
	start := func(config string) int32 {
		id, err := is.start(config)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	a, b, other := start("{}"), start("{}"), start(`{"mode":"detect"}`)
	if is.find(a) != is.find(b) || is.find(a) == is.find(other) {
		t.Error("equal configurations must share a policy, different ones must not")
	}
	is.close(a)
	if is.find(a) == nil {
		t.Error("a closed instance is gone at once")
	}
	clock = clock.Add(2 * grace)
	is.close(other)
	if is.find(a) != nil || is.find(b) == nil {
		t.Error("after the grace the closed instance must be gone, and only that")
	}
	clock = clock.Add(2 * maxIdle)
	start(`{"mode":"off"}`)
	if is.find(b) != nil || is.policies.count() != 1 {
		t.Errorf("idle instances stay: %d policies", is.policies.count())
	}
}

func TestInstancesAreBounded(t *testing.T) {
	is := newInstances(newPolicies(Models{}, nil, nil, nil))
	for i := range maxInstances + 100 {
		if _, err := is.start(fmt.Sprintf(`{"deadline_ms":%d}`, 1+i%50)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(is.known); n != maxInstances {
		t.Errorf("%d instances, want %d", n, maxInstances)
	}
}
