package policy

import "testing"

// TestPrecedence checks which of several hosts counts, and that a host whose
// paths do not match leaves the request to the next.
func TestPrecedence(t *testing.T) {
	p := compile(t, `{"apiVersion":"glacis/v1","assets":[
{"name":"exact-port","hosts":["a.b.test:81"],"paths":["/1"]},
{"name":"exact","hosts":["a.b.test"],"paths":["/1","/2"]},
{"name":"wild-port","hosts":["*.b.test:81"],"paths":["/1","/2","/3"]},
{"name":"wild","hosts":["*.b.test"],"paths":["/1","/2","/3","/4"]},
{"name":"wider","hosts":["*.test"],"paths":["/1","/2","/3","/4","/5"]},
{"name":"port","hosts":["*:81"],"paths":["/6"]},
{"name":"all","hosts":["*"],"paths":["/7"]}]}`)
	cases := [][3]string{
		{"a.b.test:81", "/1", "exact-port"}, {"a.b.test:81", "/2/x", "exact"}, {"a.b.test:81", "/3", "wild-port"},
		{"a.b.test:82", "/3", "wild"}, {"a.b.test:81", "/4", "wild"}, {"a.b.test:81", "/5", "wider"},
		{"a.b.test:81", "/6", "port"}, {"a.b.test:82", "/6", "default"}, {"a.b.test:81", "/7", "all"}, {"a.b.test:81", "/8", "default"},
		{"b.test", "/4", "wider"}, {"test", "/1", "default"}, {"", "/7", "all"},
	}
	r := p.NewRuling()
	for i := 0; i < len(cases); i++ {
		r.Reset()
		r.Line("GET", cases[i][1])
		r.Header("Host", cases[i][0])
		r.Settle()
		if got := r.Rules().Name; got != cases[i][2] {
			t.Errorf("%s%s: %s, want %s", cases[i][0], cases[i][1], got, cases[i][2])
		}
	}
}
