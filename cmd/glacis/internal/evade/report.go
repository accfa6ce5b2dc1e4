package evade

import "slices"

// Report is the outcome of a run.
type Report struct {
	Model      string `json:"model"`
	Confidence string `json:"confidence"`
	Seed       uint64 `json:"seed"`
	Steps      int    `json:"steps"`
	PerFile    int    `json:"per_file"`
	// Total is over all attacks; Families and Files are in the order of names.
	Total    Group   `json:"total"`
	Families []Group `json:"families"`
	Files    []Group `json:"files"`
	// Padding has a line for each size and side, PaddingPassed is their sum.
	Padding       []Padding `json:"padding"`
	PaddingTrials int       `json:"padding_trials"`
	PaddingPassed Rate      `json:"padding_passed"`
}

// Add counts the outcomes of a file.
func (r *Report) Add(file string, out []Outcome, tried int) {
	r.Files = append(r.Files, Group{Name: file, Tried: tried, Evaded: newRate(0, 0)})
	if r.Padding == nil {
		r.Padding = Paddings()
	}
	r.Total.Tried += tried
	for i := range out {
		x := &out[i]
		for _, g := range []*Group{&r.Total, &r.Files[len(r.Files)-1], r.family(x.Family)} {
			g.add(x)
		}
		for k, trial := range x.Padded {
			if trial == Left {
				continue
			}
			r.Padding[k].Trials++
			r.PaddingTrials++
			if trial == Hid {
				r.Padding[k].Passed++
				r.PaddingPassed.Count++
			}
		}
	}
	r.PaddingPassed = newRate(r.PaddingPassed.Count, r.PaddingTrials)
}

// family finds a family's group, or makes it in its place.
func (r *Report) family(name string) *Group {
	i := 0
	for i < len(r.Families) && r.Families[i].Name < name {
		i++
	}
	if i == len(r.Families) || r.Families[i].Name != name {
		r.Families = slices.Insert(r.Families, i, Group{Name: name})
	}
	return &r.Families[i]
}
