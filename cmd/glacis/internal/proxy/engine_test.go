package proxy

import (
	"bytes"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/decompress"
)

// engine is a core.Engine as an Inspector.
type engine struct{ *core.Engine }

func (e engine) Begin() Transaction { return e.Engine.Begin() }

// newEngineRig puts the real engine into the proxy.
func newEngineRig(t *testing.T) *rig {
	t.Helper()
	e, err := core.New(core.Config{Decompressors: decompress.All()})
	if err != nil {
		t.Fatal(err)
	}
	return newRig(t, echo, func(c *Config) { c.Inspector = engine{e} })
}

const injection = "1' UNION SELECT username, password FROM users-- -"

func TestEngineInTheProxy(t *testing.T) {
	r := newEngineRig(t)
	form := "name=Ann&note=" + strings.Repeat("nice+shoes+", 9000)
	r.wantStatus(200, "GET", "/products?q=blue+shoes", "")
	r.wantStatus(200, "POST", "/reviews", form, "Content-Type", "application/x-www-form-urlencoded")
	hits := r.hits()
	r.wantStatus(403, "GET", "/products?q=1%27+UNION+SELECT+username,+password+FROM+users--+-", "")
	r.wantStatus(403, "POST", "/reviews", "note="+injection, "Content-Type", "application/x-www-form-urlencoded")
	r.wantStatus(403, "POST", "/api/orders", `{"items":[{"id":"`+injection+`"}]}`, "Content-Type", "application/json")
	if r.hits() != hits {
		t.Errorf("%d attacks reached the upstream", r.hits()-hits)
	}
	r.wantStatus(403, "POST", "/reviews", form+"&note="+injection, "Content-Type", "application/x-www-form-urlencoded")
	eventually(t, "explained", func() bool {
		for _, rec := range r.records() {
			if rec["glacis.family"] == "sqli" && strings.HasPrefix(rec["glacis.location"].(string), "body") && rec["glacis.window"] != "" {
				return true
			}
		}
		return false
	})
}

func TestEngineReadsBrotliAndZstd(t *testing.T) {
	r := newEngineRig(t)
	body := []byte(`{"comment":"` + injection + `"}`)
	var br, zs bytes.Buffer
	w := brotli.NewWriter(&br)
	w.Write(body)
	w.Close()
	z, err := zstd.NewWriter(&zs)
	if err != nil {
		t.Fatal(err)
	}
	z.Write(body)
	z.Close()
	r.wantStatus(403, "POST", "/", br.String(), "Content-Type", "application/json", "Content-Encoding", "br")
	r.wantStatus(403, "POST", "/", zs.String(), "Content-Type", "application/json", "Content-Encoding", "zstd")
}
