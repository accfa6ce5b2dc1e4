package console

import (
	"net/http"
	"net/url"
	"time"

	"github.com/glacis-waf/glacis/sidecar/learn"
	"github.com/glacis-waf/glacis/sidecar/store"
)

// learningAnswer is the answer of GET /v1/learning.
type learningAnswer struct {
	Profile  string
	Sidecars []string
	Assets   []learn.AssetStatus
	Learned  learn.Counts
}

// learning lists the applications.
func (c *Console) learning(v *visit) {
	var p learningAnswer
	if err := c.client.get(v.r, "/v1/learning", nil, &p); err != nil {
		v.failed(err)
		return
	}
	v.show(http.StatusOK, "learning", "Learning", &p)
}

// assetPage is an application with its endpoints.
type assetPage struct {
	Asset     learn.AssetStatus
	Endpoints []learn.EndpointStatus
}

// asset shows an application.
func (c *Console) asset(v *visit) {
	name := v.r.URL.Query().Get("name")
	var all learningAnswer
	if err := c.client.get(v.r, "/v1/learning", nil, &all); err != nil {
		v.failed(err)
		return
	}
	for _, a := range all.Assets {
		if a.Name != name {
			continue
		}
		p := struct{ Endpoints []learn.EndpointStatus }{}
		if err := c.client.get(v.r, "/v1/learning/items", url.Values{"asset": {name}}, &p); err != nil {
			v.failed(err)
			return
		}
		v.show(http.StatusOK, "asset", "Learning: "+shown(name), &assetPage{a, p.Endpoints})
		return
	}
	v.fail(http.StatusNotFound, "There is no such application.")
}

// changeAsset freezes an application, ends that, or has it learned anew.
func (c *Console) changeAsset(v *visit) {
	form := v.r.PostForm
	name, action := form.Get("asset"), form.Get("action")
	said := map[string]string{store.OpFreeze: "What is known stays as it is now.", store.OpUnfreeze: "What is known may change again.",
		store.OpRelearn: "The parameters are learned anew."}[action]
	v.done(link("learning/asset", "name", name), said,
		c.client.post(v.r, "/v1/learning/assets", map[string]string{"asset": name, "action": action, "who": v.session.who}))
}

// endpointPage is an endpoint with its parameters.
type endpointPage struct {
	Now                     time.Time
	Asset, Method, Template string
	Params                  []learn.ParamStatus
}

// endpoint shows the parameters of an endpoint and the evidence for them.
func (c *Console) endpoint(v *visit) {
	given := v.r.URL.Query()
	p := endpointPage{Now: c.cfg.Now(), Asset: given.Get("asset"), Method: given.Get("method"), Template: given.Get("template")}
	if err := c.client.get(v.r, "/v1/learning/params", url.Values{"asset": {p.Asset}, "method": {p.Method}, "template": {p.Template}}, &p); err != nil {
		v.failed(err)
		return
	}
	title := p.Method + " " + p.Template
	if p.Template == "" {
		title = "Everywhere in " + p.Asset
	}
	v.show(http.StatusOK, "endpoint", shown(title), &p)
}

// revoke takes back what was learned or accepted at a parameter.
func (c *Console) revoke(v *visit) {
	form := v.r.PostForm
	d := learn.Decision{Asset: form.Get("asset"), Method: form.Get("method"), Template: form.Get("template"), Location: form.Get("location"),
		Indicator: form.Get("indicator"), Action: learn.Revoke, Who: v.session.who, Why: form.Get("why")}
	v.done(link("learning/endpoint", "asset", d.Asset, "method", d.Method, "template", d.Template),
		"Revoked: from the next window on it is discounted no more.", c.client.post(v.r, "/v1/learning/decisions", &d))
}

// Seen is a moment of a parameter.
func (endpointPage) Seen(seconds int64) time.Time { return time.Unix(seconds, 0) }
