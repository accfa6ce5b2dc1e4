package api

import (
	"net/http"
	"time"

	"github.com/glacis-waf/glacis/sidecar/learn"
	"github.com/glacis-waf/glacis/sidecar/store"
)

// The bounds of changes.
const (
	maxChange = 16 << 10
	maxImport = 512 << 10
)

// who is who makes a change: the name in the client's certificate, or else what
// the caller says.
func who(r *http.Request, said string) string {
	if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 {
		return r.TLS.PeerCertificates[0].Subject.CommonName
	}
	return said
}

// decide records what an operator says about a suggestion or an indicator.
func (l *Learning) decide(w http.ResponseWriter, r *http.Request) {
	var d learn.Decision
	if !readJSON(w, r, maxChange, &d) {
		return
	}
	d.Who, d.When = who(r, d.Who), time.Now().Unix()
	l.apply(w, r, &store.Call{Op: store.OpDecide, Asset: d.Asset, Decision: &d})
}

// assetChange is the body of change.
type assetChange struct {
	Asset  string `json:"asset"`
	Action string `json:"action"`
	Who    string `json:"who"`
}

// change freezes an asset, ends that, or has it learned anew.
func (l *Learning) change(w http.ResponseWriter, r *http.Request) {
	var c assetChange
	if !readJSON(w, r, maxChange, &c) {
		return
	}
	if c.Action != store.OpFreeze && c.Action != store.OpUnfreeze && c.Action != store.OpRelearn {
		Problem(w, http.StatusBadRequest, "action: want freeze, unfreeze or relearn")
		return
	}
	c.Who = who(r, c.Who)
	if c.Who == "" || c.Asset == "" {
		Problem(w, http.StatusBadRequest, "asset and who are required")
		return
	}
	l.apply(w, r, &store.Call{Op: c.Action, Asset: c.Asset, Who: c.Who, At: time.Now().Unix()})
}

func (l *Learning) apply(w http.ResponseWriter, r *http.Request, c *store.Call) {
	ctx, cancel := limited(r)
	defer cancel()
	if err := l.store.Do(ctx, c, nil); err != nil {
		failed(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// importAll freezes assets at what an export says.
func (l *Learning) importAll(w http.ResponseWriter, r *http.Request) {
	data, ok := readBody(w, r, maxImport)
	if !ok {
		return
	}
	x, err := learn.ReadExport(data)
	if err != nil {
		Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	name := who(r, r.URL.Query().Get("who"))
	if name == "" {
		Problem(w, http.StatusBadRequest, "who: is required")
		return
	}
	ctx, cancel := limited(r)
	defer cancel()
	if err := l.store.Import(ctx, x, name, time.Now().Unix()); err != nil {
		failed(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
