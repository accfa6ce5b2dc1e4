package learn

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/glacis-waf/glacis/core/profile"
)

// ExportVersion is the version of exported knowledge.
const ExportVersion = "glacis-learned/v1"

// Export is what was learned, in a form for people and version control: sets by
// name instead of sketches. It holds no value and no source.
type Export struct {
	APIVersion string          `yaml:"apiVersion" json:"apiVersion"`
	Assets     []ExportedAsset `yaml:"assets" json:"assets"`
	Decisions  []Decision      `yaml:"decisions,omitempty" json:"decisions,omitempty"`
}

// ExportedAsset is one asset of an Export.
type ExportedAsset struct {
	Name   string          `yaml:"name" json:"name"`
	Host   string          `yaml:"host" json:"host"`
	Base   string          `yaml:"base" json:"base"`
	Mature bool            `yaml:"mature,omitempty" json:"mature,omitempty"`
	Params []ExportedParam `yaml:"params" json:"params"`
}

// ExportedParam is an endpoint (without a location) or a parameter.
type ExportedParam struct {
	Method   string   `yaml:"method,omitempty" json:"method,omitempty"`
	Template string   `yaml:"template,omitempty" json:"template,omitempty"`
	Location string   `yaml:"location,omitempty" json:"location,omitempty"`
	Mature   bool     `yaml:"mature,omitempty" json:"mature,omitempty"`
	Sources  int      `yaml:"sources" json:"sources"`
	Types    []string `yaml:"types,omitempty,flow" json:"types,omitempty"`
	// Classes and Lengths are the bits of profile.Record, Values and Familiar
	// its hashes and fingerprints, in hexadecimal.
	Classes   uint32   `yaml:"classes,omitempty" json:"classes,omitempty"`
	Lengths   uint16   `yaml:"lengths,omitempty" json:"lengths,omitempty"`
	Values    []uint32 `yaml:"values,omitempty,flow" json:"values,omitempty"`
	Familiar  []uint16 `yaml:"familiar,omitempty,flow" json:"familiar,omitempty"`
	Confirmed []uint16 `yaml:"confirmed,omitempty,flow" json:"confirmed,omitempty"`
	Votes     uint16   `yaml:"votes,omitempty" json:"votes,omitempty"`
	Windows   uint8    `yaml:"windows,omitempty" json:"windows,omitempty"`
}

func (p *ExportedParam) about() string {
	return strings.TrimSpace(p.Method + " " + p.Template + " " + p.Location)
}

// Export returns what the snapshot says, in a fixed order.
func (l *Learner) Export() *Export {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := &Export{APIVersion: ExportVersion, Decisions: slices.Clone(l.decisions)}
	for _, name := range l.names() {
		a := l.assets[name]
		x := ExportedAsset{Name: name, Host: a.rule.Host, Base: a.rule.Base, Mature: l.maturity(a).Level >= Settled}
		for _, t := range a.sorted() {
			if !t.admitted {
				continue
			}
			p := ExportedParam{Method: t.method, Template: t.template, Location: t.location, Mature: t.mature(&l.cfg), Sources: t.sources()}
			if t.location != "" {
				r, ok := l.record(a, t)
				if !ok {
					continue
				}
				p.fill(&r)
			}
			x.Params = append(x.Params, p)
		}
		out.Assets = append(out.Assets, x)
	}
	return out
}

func (p *ExportedParam) fill(r *profile.Record) {
	p.Mature = r.Flags&profile.RecordMature != 0
	for i := range int(profile.Types) {
		if r.Types>>i&1 != 0 {
			p.Types = append(p.Types, profile.Type(i).Name())
		}
	}
	p.Classes, p.Lengths, p.Familiar, p.Confirmed, p.Votes, p.Windows = r.Classes, r.Lengths, r.Familiar, r.Confirmed, r.Votes, r.Windows
	if r.Flags&profile.RecordEnum != 0 {
		p.Values = r.Enums
	}
}

// YAML writes the export.
func (x *Export) YAML() ([]byte, error) { return yaml.Marshal(x) }

// ReadExport reads an export; a key that it does not know is an error.
func ReadExport(data []byte) (*Export, error) {
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	var x Export
	if err := d.Decode(&x); err != nil {
		return nil, fmt.Errorf("read learned knowledge: %w", err)
	}
	if x.APIVersion != ExportVersion {
		return nil, fmt.Errorf("read learned knowledge: apiVersion %q: want %s", x.APIVersion, ExportVersion)
	}
	return &x, nil
}

// Import freezes the assets of an export at what it says, and takes its
// decisions over; the audit trail says how many of each asset. The assets must
// be known to the learner by name. When there is an error nothing is imported.
func (l *Learner) Import(x *Export, who string, now int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	made, decisions := make(map[string]*knowledge), make(map[string]int)
	for i := range x.Assets {
		a := l.assets[x.Assets[i].Name]
		if a == nil {
			return fmt.Errorf("import: there is no asset %q", x.Assets[i].Name)
		}
		k, err := x.Assets[i].knowledge(a.root)
		if err != nil {
			return fmt.Errorf("import: assets[%d]: %w", i, err)
		}
		made[x.Assets[i].Name], decisions[x.Assets[i].Name] = k, 0
	}
	old := slices.Clone(l.decisions)
	for i, d := range x.Decisions {
		err := d.check()
		if err == nil {
			err = l.put(d)
		}
		if err != nil {
			l.decisions = old
			return fmt.Errorf("import: decisions[%d]: %w", i, err)
		}
		decisions[d.Asset]++
	}
	for _, name := range slices.Sorted(maps.Keys(decisions)) { // in an order: the same state gives the same bytes
		if k := made[name]; k != nil {
			l.assets[name].frozen = k
		}
		l.note(Entry{When: now, Who: who, What: "import", Detail: fmt.Sprintf("%s: decisions taken over: %d", name, decisions[name])})
	}
	return nil
}

// knowledge turns an exported asset into what a snapshot holds.
func (x *ExportedAsset) knowledge(root uint64) (*knowledge, error) {
	k := &knowledge{}
	if x.Mature {
		k.flags = profile.AssetMature
	}
	nodes := make(map[uint64]uint8)
	for i := range x.Params {
		p := &x.Params[i]
		it := item{p.Method, p.Template, p.Location}
		if p.Location == "" {
			for n := range p.Template {
				if n == 0 || p.Template[n] == '/' {
					nodes[profile.Endpoint(root, []byte(p.Method), []byte(p.Template[:n]))] |= 0
				}
			}
			flags := uint8(profile.NodeEndpoint)
			if p.Mature {
				flags |= profile.NodeMature
			}
			nodes[keyOf(root, it)] |= flags
			continue
		}
		r := profile.Record{Key: keyOf(root, it), Sources: uint16(min(p.Sources, 1<<16-1)), Classes: p.Classes, Lengths: p.Lengths,
			Enums: p.Values, Familiar: p.Familiar, Confirmed: p.Confirmed, Votes: p.Votes, Windows: p.Windows}
		for _, name := range p.Types {
			bit, ok := typeBit(name)
			if !ok {
				return nil, fmt.Errorf("params[%d].types: %q is no type", i, name)
			}
			r.Types |= bit
		}
		if p.Mature {
			r.Flags |= profile.RecordMature
		}
		if len(p.Values) > 0 {
			r.Flags |= profile.RecordEnum
		}
		k.records = append(k.records, r)
	}
	for key, flags := range nodes {
		k.nodes = append(k.nodes, profile.Node{Key: key, Flags: flags})
	}
	return k, nil
}

func typeBit(name string) (uint32, bool) {
	for i := range int(profile.Types) {
		if profile.Type(i).Name() == name {
			return 1 << i, true
		}
	}
	return 0, false
}
