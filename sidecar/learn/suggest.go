package learn

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/profile"
)

// Suggestion is something that an operator may want to settle: findings of one
// family at one parameter, from several independent sources.
type Suggestion struct {
	// ID stays the same as long as place and family do.
	ID       string `json:"id"`
	Asset    string `json:"asset"`
	Method   string `json:"method,omitempty"`
	Template string `json:"template,omitempty"`
	Location string `json:"location"`
	Family   string `json:"family"`
	Level    string `json:"level"`
	// Sources and Trusted are the independent sources, whatever else their
	// requests held, and those of them that are established; of more than 16 not
	// all are told apart. Requests a day, as estimated from the last period.
	Sources  int `json:"sources"`
	Trusted  int `json:"trusted"`
	Requests int `json:"requests_per_day"`
	// Indicators are the keys of the tokens, in hexadecimal, for decisions.
	Indicators []string `json:"indicators"`
	// Examples are masked: letters are 'a', digits '9'.
	Examples []string `json:"examples"`
	// Reason says why learning has not settled it alone.
	Reason string `json:"reason"`
	// Policy is the exception that would settle it, as YAML.
	Policy string `json:"policy"`
}

// Suggestions lists what is left for an operator, in the order of Rank.
func (l *Learner) Suggestions() []Suggestion {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []Suggestion
	for _, a := range l.assets {
		for _, t := range a.entries {
			if t.admitted {
				out = append(out, l.suggest(a, t)...)
			}
		}
	}
	slices.SortFunc(out, Rank)
	return out
}

// Believable reports whether as many established sources stand behind the
// suggestion as an indicator needs to be familiar. Accepting another is up to
// whoever knows the application.
func (s *Suggestion) Believable() bool { return s.Trusted >= enoughTrusted }

// enoughTrusted is how many established sources a suggestion needs to come
// before those with fewer, whatever their requests: what few networks send is
// rather an attack.
const enoughTrusted = 12

// Rank orders suggestions: those of many established sources first, then those
// that settle the most requests.
func Rank(a, b Suggestion) int {
	return cmp.Or(cmp.Compare(min(b.Trusted, enoughTrusted), min(a.Trusted, enoughTrusted)), cmp.Compare(b.Requests, a.Requests), cmp.Compare(b.Sources, a.Sources),
		cmp.Compare(a.Asset+a.Method+a.Template+a.Location+a.Family, b.Asset+b.Method+b.Template+b.Location+b.Family))
}

// unsettled is an indicator that nobody has decided about.
type unsettled struct {
	key     uint32
	mark    *mark
	trusted int
	// wanting says that learning alone does not settle it.
	wanting bool
}

// suggest sums up the indicators of a parameter by family.
func (l *Learner) suggest(a *asset, t *entry) []Suggestion {
	by := make(map[uint8][]unsettled)
	for i := range t.periods {
		p := &t.periods[i]
		need := min(max(l.cfg.Votes, p.voters.count()*l.cfg.Share/100), maxVoters)
		for key, m := range p.marks {
			if l.settled(a.rule.Name, t, key) {
				continue
			}
			votes := a.votes(p.number, m)
			by[m.family] = append(by[m.family], unsettled{key, m, max(votes, a.established(p.number, m.seen)),
				m.level == 3 || votes < need || m.windows.count() < indicatorWindows})
		}
	}
	var out []Suggestion
	for family, list := range by {
		list = common(list)
		if !slices.ContainsFunc(list, func(o unsettled) bool { return o.wanting }) {
			continue
		}
		s := Suggestion{Asset: a.rule.Name, Method: t.method, Template: t.template, Location: t.location, Family: model.Family(family).Name()}
		s.ID = s.id()
		s.sum(list)
		s.Policy = s.yaml()
		out = append(out, s)
	}
	return out
}

// common leaves out what few established sources sent beside what many did: an
// attack must not be accepted along with honest requests to the same parameter.
func common(list []unsettled) []unsettled {
	most := 0
	for _, o := range list {
		most = max(most, min(o.trusted, enoughTrusted)) // of what is critical not more than maxSeen are counted
	}
	return slices.DeleteFunc(list, func(o unsettled) bool { return 2*o.trusted < most })
}

// sum sums up indicators.
func (s *Suggestion) sum(list []unsettled) {
	level := uint8(0)
	for _, o := range list {
		m := o.mark
		level = max(level, m.level)
		s.Sources, s.Trusted = max(s.Sources, len(m.sources), len(m.seen)), max(s.Trusted, o.trusted)
		s.Requests = max(s.Requests, m.requests.count())
		if name := indicatorName(o.key); !slices.Contains(s.Indicators, name) {
			s.Indicators = append(s.Indicators, name)
		}
		if !slices.Contains(s.Examples, m.example) {
			s.Examples = append(s.Examples, m.example)
		}
	}
	slices.Sort(s.Indicators)
	slices.Sort(s.Examples)
	s.Examples = s.Examples[:min(len(s.Examples), 3)]
	s.Level = confidences[level]
	s.Reason = "too few established sources or windows yet"
	if level == 3 {
		s.Reason = "critical findings are never discounted by learning alone"
	}
}

// confidences are the names of the levels of findings.
var confidences = [...]string{"none", "medium", "high", "critical"}

// settled reports whether an operator has decided about an indicator already.
func (l *Learner) settled(asset string, t *entry, key uint32) bool {
	for i := range l.decisions {
		d := &l.decisions[i]
		if d.about(asset, t) && (d.Indicator == "" || d.Indicator == indicatorName(key)) {
			return true
		}
	}
	return false
}

// yaml writes the policy that settles the suggestion. It names no asset: whether
// the operator's policy has one of that name is not known here.
func (s *Suggestion) yaml() string {
	type exception struct {
		ID        string   `yaml:"id"`
		Action    string   `yaml:"action"`
		Paths     []string `yaml:"paths,omitempty"`
		Methods   []string `yaml:"methods,omitempty"`
		Locations []string `yaml:"locations"`
		Families  []string `yaml:"families"`
		Reason    string   `yaml:"reason"`
	}
	e := exception{ID: s.id(), Action: "skip", Locations: []string{s.Location}, Families: []string{s.Family},
		Reason: "suggested by glacis learn suggest"}
	if s.Template != "" {
		e.Paths, e.Methods = []string{pattern(s.Template)}, []string{s.Method}
	}
	data, err := yaml.Marshal(struct {
		APIVersion string      `yaml:"apiVersion"`
		Exceptions []exception `yaml:"exceptions"`
	}{"glacis/v1", []exception{e}})
	if err != nil {
		return ""
	}
	return string(data)
}

// id is a name made of the family and the place, short and unlike others.
func (s *Suggestion) id() string {
	place := profile.Hash([]byte(s.Asset + " " + s.Method + " " + s.Template + " " + s.Location))
	return fmt.Sprintf("learned-%s-%08x", s.Family, uint32(place^place>>32))
}

// pattern is a template as a policy's path pattern.
func pattern(template string) string {
	segments := strings.Split(template, "/")
	for i, s := range segments {
		if strings.HasPrefix(s, "{") {
			segments[i] = "*"
		}
	}
	return strings.Join(segments, "/")
}
