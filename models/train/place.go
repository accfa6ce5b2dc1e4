package train

import (
	"slices"

	"github.com/glacis-waf/glacis/core/model"
)

// Offsets are what the thresholds of the location kinds differ by, in units of
// weight: the same text is less of a surprise in a path or a header, which
// programs write, than in a parameter.
type Offsets [model.Locs]int

// placeSteps are the steps that places tries, in units of weight.
var placeSteps = []int{-96, -48, -24, -12, 12, 24, 48, 96}

const (
	placeLimit  = 4 * Scale // no offset is more than 4 nats
	placeRounds = 3
	placeLeast  = 20   // files of fewer requests take no part
	placeGain   = 5e-4 // what a change must be worth
)

// scored is the data of a search for offsets: scores by file.
type scored struct {
	headline       []Scores
	attack, benign [][]Scores
	tops           []int
	rates          [2]float64
}

// places chooses the offsets of every level.
func (r *Result) places() (off [model.Levels]Offsets) {
	p := r.scored()
	if len(p.headline) == 0 || len(p.attack) == 0 {
		return off
	}
	for k, q := range Rates {
		off[k] = p.search(q)
	}
	return off
}

// search finds the offsets that give the best balanced accuracy, averaged over
// files, where a share q and three times that share of headline traffic is
// flagged. There are seven numbers to choose, in coarse steps, so that little
// is learned by heart. The search starts at no offsets and, because it cannot
// see across a valley, at those that give up one place: at a low rate a few
// requests of one site decide.
func (p *scored) search(q float64) Offsets {
	p.rates = [2]float64{3 * q, q}
	var off Offsets
	best := p.climb(&off)
	for l := range off {
		var other Offsets
		other[l] = placeLimit
		if d := p.climb(&other); d > best+placeGain {
			best, off = d, other
		}
	}
	return off
}

// climb changes one offset after the other for as long as that gains, and
// returns what it arrived at.
func (p *scored) climb(off *Offsets) float64 {
	best := p.balanced(off)
	for round := 0; round < placeRounds; round++ {
		before := *off
		for l := range off {
			at, keep := off[l], off[l]
			for _, step := range placeSteps {
				off[l] = at + step
				if off[l] < -placeLimit || off[l] > placeLimit {
					continue
				}
				if d := p.balanced(off); d > best+placeGain {
					best, keep = d, off[l]
				}
			}
			off[l] = keep
		}
		if *off == before {
			break
		}
	}
	return best
}

// scored collects the left-out scores of all that is measured and not reserved.
func (r *Result) scored() *scored {
	p := new(scored)
	headline := headlineFiles(r.Set)
	attack, benign := map[string][]Scores{}, map[string][]Scores{}
	for i := range r.Set.Examples {
		x := &r.Set.Examples[i]
		switch {
		case !x.measured() || r.reserved(x) || !x.Attack && DualUse(x.File):
		case x.Attack:
			attack[x.File] = append(attack[x.File], r.Scores[i])
		default:
			benign[x.File] = append(benign[x.File], r.Scores[i])
			if headline(x.File) {
				p.headline = append(p.headline, r.Scores[i])
			}
		}
	}
	p.attack, p.benign = enough(attack), enough(benign)
	p.tops = make([]int, len(p.headline))
	return p
}

// enough lists the files with requests enough, in the order of their names: a
// sum of floating-point numbers depends on it.
func enough(files map[string][]Scores) (out [][]Scores) {
	names := make([]string, 0, len(files))
	for name, list := range files {
		if len(list) >= placeLeast {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		out = append(out, files[name])
	}
	return out
}

// balanced is the share of attacks detected less that of honest requests
// flagged, both averaged over files and added up over the rates.
func (p *scored) balanced(off *Offsets) float64 {
	for i := range p.headline {
		p.tops[i] = p.headline[i].topBy(off)
	}
	slices.Sort(p.tops)
	sum := 0.0
	for _, q := range p.rates {
		limit := p.tops[len(p.tops)-1-int(q*float64(len(p.tops)))] + 1
		sum += reach(p.attack, off, limit) - reach(p.benign, off, limit)
	}
	return sum
}

// reach is the share of requests that reach the limit, averaged over files.
func reach(files [][]Scores, off *Offsets, limit int) float64 {
	sum := 0.0
	for _, file := range files {
		n := 0
		for i := range file {
			if file[i].topBy(off) >= limit {
				n++
			}
		}
		sum += float64(n) / float64(len(file))
	}
	return sum / float64(len(files))
}

// topBy is the highest score of a request after the offsets are taken off.
func (s *Scores) topBy(off *Offsets) int {
	t := int(s[0]) - off[0]
	for l := 1; l < len(s); l++ {
		if v := int(s[l]) - off[l]; v > t {
			t = v
		}
	}
	return t
}
