package learn

import (
	"cmp"
	"slices"
)

// AssetStatus is how far an asset has been learned.
type AssetStatus struct {
	Name     string   `json:"name"`
	Maturity Maturity `json:"maturity"`
	Frozen   bool     `json:"frozen,omitempty"`
	// Endpoints and Params are admitted; Candidates are not yet.
	Endpoints  int `json:"endpoints"`
	Params     int `json:"params"`
	Candidates int `json:"candidates"`
	// Bytes is the estimated memory of the state, of MaxBytes.
	Bytes    int    `json:"bytes"`
	MaxBytes int    `json:"max_bytes"`
	Evicted  uint64 `json:"evicted"`
}

// EndpointStatus is how far an endpoint has been learned.
type EndpointStatus struct {
	Method   string   `json:"method"`
	Template string   `json:"template"`
	Maturity Maturity `json:"maturity"`
	Sources  int      `json:"sources"`
	Requests int      `json:"requests"`
	Params   []string `json:"params"`
}

// Status lists the assets by name.
func (l *Learner) Status() []AssetStatus {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []AssetStatus
	for _, name := range l.names() {
		a := l.assets[name]
		s := AssetStatus{Name: name, Maturity: l.maturity(a), Frozen: a.frozen != nil, Bytes: a.bytes, MaxBytes: l.cfg.MaxBytes, Evicted: a.evicted}
		for _, t := range a.entries {
			switch {
			case !t.admitted:
				s.Candidates++
			case t.location == "":
				s.Endpoints++
			default:
				s.Params++
			}
		}
		out = append(out, s)
	}
	return out
}

// Endpoints lists the endpoints of an asset by template and method.
func (l *Learner) Endpoints(name string) []EndpointStatus {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.assets[name]
	if a == nil {
		return nil
	}
	params := make(map[[2]string][]string)
	for _, t := range a.entries {
		if t.admitted && t.location != "" {
			at := [2]string{t.method, t.template}
			params[at] = append(params[at], t.location)
		}
	}
	var out []EndpointStatus
	for _, t := range a.entries {
		if !t.admitted || t.location != "" || t.template == "" {
			continue
		}
		e := EndpointStatus{Method: t.method, Template: t.template, Maturity: t.progress(&l.cfg), Sources: t.sources(), Params: params[[2]string{t.method, t.template}]}
		slices.Sort(e.Params)
		for i := range t.periods {
			e.Requests = max(e.Requests, t.periods[i].requests.count())
		}
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b EndpointStatus) int {
		return cmp.Or(cmp.Compare(a.Template, b.Template), cmp.Compare(a.Method, b.Method))
	})
	return out
}
