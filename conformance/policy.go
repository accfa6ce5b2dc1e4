package conformance

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core"
	core_policy "github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/policy"
)

//go:embed policies/*.yaml
var policyFiles embed.FS

// Policy is a policy under which cases of the suite run.
type Policy struct {
	// Name is that of its file.
	Name string
	// YAML is the file; JSON is what glacis policy compile prints of it.
	YAML, JSON []byte
	// Policy is for engines.
	Policy *core_policy.Policy
	engine *core.Engine
}

// Ruled is implemented by targets that can load a policy, from whatever place
// their gateway has for one. Cases that carry a policy are not sent to others.
type Ruled interface {
	// StartUnder is Start with a policy in force.
	StartUnder(t testing.TB, backend string, p *Policy) Instance
}

// Peer is the address from which all requests come.
const Peer = "127.0.0.1"

var loadedPolicies sync.Map // of name to func() (*Policy, error)

// LoadPolicy returns a policy of the suite.
func LoadPolicy(name string) (*Policy, error) {
	load, _ := loadedPolicies.LoadOrStore(name, sync.OnceValues(func() (*Policy, error) { return loadPolicy(name) }))
	f, _ := load.(func() (*Policy, error))
	return f()
}

func loadPolicy(name string) (*Policy, error) {
	file := path.Join("policies", name+".yaml")
	text, err := policyFiles.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no policy %s", file)
	}
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	l, err := policy.Parse(file, text, time.Now())
	if err != nil {
		return nil, err
	}
	engine, err := core.New(core.Config{Policy: l.Policy})
	if err != nil {
		return nil, fmt.Errorf("policy %s: %w", name, err)
	}
	return &Policy{Name: name, YAML: text, JSON: core_policy.Encode(l.Document), Policy: l.Policy, engine: engine}, nil
}

// Client is where a request comes from that Peer has sent.
func (p *Policy) Client(r *core.Request) string {
	if p == nil {
		return ""
	}
	var lines []string
	for _, h := range r.Headers {
		if strings.EqualFold(h.Name, p.Policy.Document().Source.Header) {
			lines = append(lines, h.Value)
		}
	}
	return p.Policy.Source(Peer, lines)
}

// judge is the engine that targets under the policy have to agree with; without
// one it is reference.
func (p *Policy) judge() (*core.Engine, error) {
	if p == nil {
		return reference()
	}
	return p.engine, nil
}

// Inspect returns the engine's verdict on a request from Peer: under the policy,
// or, if p is nil, without one.
func (p *Policy) Inspect(r core.Request) (core.Verdict, error) {
	engine, err := p.judge()
	if err != nil {
		return core.Verdict{}, err
	}
	r.Source = p.Client(&r)
	return engine.Inspect(&r), nil
}

// Rules returns the policy of a case, nil for none.
func (c *Case) Rules() (*Policy, error) {
	if c.Policy == "" {
		return nil, nil
	}
	return LoadPolicy(c.Policy)
}
