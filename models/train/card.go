package train

import (
	"fmt"
	"math"
	"sort"
	"strings"
)

// Card writes the measured tables of a training run in Markdown: every figure
// is on requests whose source was left out of the training that scored them.
func (r *Result) Card() string {
	var b strings.Builder
	attack, benign := r.byFile()
	b.WriteString("### Attacks detected (%), by source left out\n\n| source | requests | medium | high | critical |\n|---|---:|---:|---:|---:|\n")
	macro := r.rows(&b, attack)
	fmt.Fprintf(&b, "| **macro average** | | %.2f | %.2f | %.2f |\n", macro[0], macro[1], macro[2])
	b.WriteString("\n### Honest requests flagged (%), by source left out\n\n| file | requests | medium | high | critical |\n|---|---:|---:|---:|---:|\n")
	r.rows(&b, benign)
	b.WriteString("\nIn brackets: 95 % Wilson intervals.\n")
	return b.String()
}

func (r *Result) byFile() (attack, benign map[string][]int) {
	attack, benign = map[string][]int{}, map[string][]int{}
	for i := range r.Set.Examples {
		x := &r.Set.Examples[i]
		switch {
		case x.generated() || x.Attack && x.Weak:
		case x.Attack:
			attack[x.File] = append(attack[x.File], i)
		default:
			benign[x.File] = append(benign[x.File], i)
		}
	}
	return attack, benign
}

func (r *Result) rows(b *strings.Builder, files map[string][]int) (macro [3]float64) {
	names := make([]string, 0, len(files))
	for n := range files {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		list := files[n]
		var hit [3]int
		for _, i := range list {
			l := r.Level(i)
			for k := 0; k < l; k++ {
				hit[k]++
			}
		}
		fmt.Fprintf(b, "| %s | %d |", n, len(list))
		for k := range hit {
			low, high := Wilson(hit[k], len(list))
			fmt.Fprintf(b, " %.2f (%.2f–%.2f) |", 100*float64(hit[k])/float64(len(list)), 100*low, 100*high)
			macro[k] += 100 * float64(hit[k]) / float64(len(list)) / float64(len(names))
		}
		b.WriteByte('\n')
	}
	return macro
}

// Level returns the confidence level that example i reached.
func (r *Result) Level(i int) int {
	top := 0
	for l, s := range r.Scores[i] {
		for k := top; k < len(r.Tables.Levels[l]); k++ {
			if int(s) >= r.Tables.Levels[l][k] {
				top = k + 1
			}
		}
	}
	return top
}

// Wilson returns the 95 % score interval of k successes in n trials (Wilson,
// JASA 22, 1927).
func Wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959964
	p, m := float64(k)/float64(n), float64(n)
	mid := p + z*z/(2*m)
	dev := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return (mid - dev) / (1 + z*z/m), (mid + dev) / (1 + z*z/m)
}
