package policy

import (
	"strconv"
	"testing"
	"time"
)

func TestLimiter(t *testing.T) {
	p := compile(t, `{"apiVersion":"glacis/v1","assets":[{"name":"shop","hosts":["shop.test"]}],"rateLimits":[
{"name":"all","requests":5,"window":"1s","mode":"detect"},
{"name":"login","assets":["shop"],"paths":["/login"],"methods":["POST"],"requests":2,"window":"1m","burst":2},
{"name":"none","requests":1,"mode":"off"}]}`)
	l := p.NewLimiter(7)
	now := day
	take := func(asset, method, uri, source string) string {
		o := l.Take(asset, method, uri, source, now)
		if o.Name == "" {
			return "-"
		}
		mode := " detect "
		if o.Prevent {
			mode = " prevent "
		}
		return o.Name + mode + strconv.Itoa(int(o.Retry/time.Second))
	}
	steps := []struct {
		after                      time.Duration
		asset, method, uri, source string
		want                       string
	}{
		{0, "shop", "POST", "/login?a=b", "192.0.2.1:1", "-"},
		{0, "shop", "POST", "/x/../login", "192.0.2.1:2", "-"},
		{0, "shop", "POST", "/login", "192.0.2.1:3", "login prevent 30"},
		{0, "shop", "POST", "/login", "192.0.2.2", "-"},
		{0, "shop", "GET", "/login", "192.0.2.1", "-"},
		{0, "default", "POST", "/login", "192.0.2.1", "-"},
		{0, "default", "GET", "/", "192.0.2.1", "all detect 0"},
		{29 * time.Second, "shop", "POST", "/login", "192.0.2.1", "login prevent 1"},
		{time.Second, "shop", "POST", "/login", "192.0.2.1", "-"},
		{0, "shop", "POST", "/login", "192.0.2.1", "login prevent 30"},
		{0, "shop", "POST", "/login", "2001:db8::1", "-"},
		{0, "shop", "POST", "/login", "2001:db8::2", "-"},
		{0, "shop", "POST", "/login", "2001:db8::3", "login prevent 30"},
		{0, "shop", "POST", "/login", "unix", "-"},
		{-time.Hour, "shop", "POST", "/login", "192.0.2.2", "-"},
	}
	for i := 0; i < len(steps); i++ {
		s := &steps[i]
		now = now.Add(s.after)
		if got := take(s.asset, s.method, s.uri, s.source); got != s.want {
			t.Errorf("step %d: %s, want %s", i, got, s.want)
		}
	}
	if compile(t, `{"apiVersion":"glacis/v1"}`).NewLimiter(1) != nil {
		t.Error("a limiter without limits")
	}
}

// TestLimiterForgets checks that many sources cost no more memory, and that
// those in use are not forgotten before those that are not.
func TestLimiterForgets(t *testing.T) {
	l := compile(t, `{"apiVersion":"glacis/v1","rateLimits":[{"name":"all","requests":1,"window":"1h"}]}`).NewLimiter(3)
	now := day
	l.Take("default", "GET", "/", "192.0.2.1", now)
	for i := 0; i < 2000; i++ {
		now = now.Add(time.Millisecond)
		l.Take("default", "GET", "/", "10.0."+strconv.Itoa(i/250)+"."+strconv.Itoa(i%250), now)
		if i%10 == 0 {
			if o := l.Take("default", "GET", "/", "192.0.2.1", now); o.Name == "" {
				t.Fatalf("forgotten after %d others", i)
			}
		}
	}
	if n := len(l.shards[0].buckets); n != rateSets*rateWays {
		t.Errorf("%d buckets", n)
	}
}
