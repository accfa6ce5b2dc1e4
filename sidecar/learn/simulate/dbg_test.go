package simulate

import (
	"bufio"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"os"
	"testing"

	"github.com/glacis-waf/glacis/core"
)

func TestDbg(t *testing.T) {
	f, _ := os.Open(os.Getenv("STREAM"))
	z, _ := gzip.NewReader(f)
	s := bufio.NewScanner(z)
	s.Buffer(nil, 64<<20)
	var stream []core.Request
	for s.Scan() {
		var l struct {
			Method, URI string
			Headers     [][2]string
			Body        string `json:"body_b64"`
		}
		json.Unmarshal(s.Bytes(), &l)
		b, _ := base64.StdEncoding.DecodeString(l.Body)
		r := core.Request{Method: l.Method, URI: l.URI, Body: b}
		for _, h := range l.Headers {
			r.Headers = append(r.Headers, core.Header{Name: h[0], Value: h[1]})
		}
		stream = append(stream, r)
	}
	o := Default()
	o.Hours = 4
	c, _ := core.ParseConfidence(os.Getenv("CONF"))
	o.Engine.Confidence = c
	p, _ := newPlayer(o, stream, nil)
	for i := 0; i < 24; i++ {
		var r Rates
		p.play(&r)
		p.close()
	}
	n := 0
	for i := range stream {
		r := &stream[i]
		if v := p.engine.Inspect(r); v.Action == core.Block && n < 25 {
			n++
			b := p.base.Inspect(r)
			t.Log(i, len(p.requests), r.Method, r.URI, v.Score, "alone", b.Score)
			for _, x := range v.Findings {
				t.Logf("    %s %d %d %v %q", x.Location, x.Confidence, x.Score, x.Adjustments, x.Window)
			}
		}
	}
}
