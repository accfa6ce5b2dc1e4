package train

import (
	"hash/fnv"
	"strings"

	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/walk"
)

// maxForms bounds the decoded forms kept of one attack.
const maxForms = 12

// FoldOf tells which fold an example is left out in; -1 for generated ones. The
// fold after the last is the reserve.
type FoldOf func(*Example) int

// SiteFolds puts every attack file and every benign source (site) into one of
// n folds, so that each is left out once, or, if there is to be
// one, into the reserve, fold n.
func SiteFolds(set *Set, n int, reserve bool) FoldOf {
	attack := map[string]int{}
	for i := range set.Examples {
		x := &set.Examples[i]
		if _, ok := attack[x.File]; !ok && x.Attack && !x.generated() && !(reserve && Reserved(x)) {
			attack[x.File] = len(attack) % n
		}
	}
	return func(x *Example) int {
		if x.generated() {
			return -1
		}
		if reserve && Reserved(x) {
			return n
		}
		if x.Attack {
			return attack[x.File]
		}
		h := fnv.New32a()
		h.Write([]byte(x.Source))
		return int(h.Sum32()) % n
	}
}

func (x *Example) generated() bool { return strings.HasPrefix(x.File, "gen_") }

// DualUse reports whether a benign file holds attack text by contract.
func DualUse(file string) bool { return file == "benign_sqlapi" || file == "benign_secprose" }

// MakeForms normalises every value of the set. flags is the set of decode flags
// the model may use.
func MakeForms(set *Set, flags uint32) []Form {
	forms := make([]Form, len(set.Values))
	for i := range set.Values {
		v := &set.Values[i]
		forms[i] = Form{Symbols: model.Normalize(nil, []byte(v.Text)), Flags: uint32(v.Flags) & flags}
	}
	return forms
}

// MakeInstances builds the instances. Attack values are those that share most
// of their trigrams with the payload and occur nowhere in benign traffic;
// benign instances are all distinct benign values of files that are not dual
// use. Weights even out the sources.
func MakeInstances(set *Set, forms []Form, fold FoldOf, negative float32) []Instance {
	benign := make([]uint32, len(set.Values))
	always := uint32(1) << 31
	for i := range set.Examples {
		x := &set.Examples[i]
		if x.Attack || DualUse(x.File) {
			continue
		}
		bit := always
		if f := fold(x); f >= 0 {
			bit = 1 << uint(f)
		}
		for _, u := range x.Uses {
			benign[u.Value] |= bit
		}
	}
	out := attackInstances(set, forms, fold, benign)
	seen := map[string]int{}
	for i := range set.Values {
		if benign[i] == 0 || len(forms[i].Symbols) < 3 {
			continue
		}
		key := string(forms[i].Symbols) + string(rune(forms[i].Flags))
		if k, ok := seen[key]; ok {
			out[k].Folds |= benign[i]
			continue
		}
		seen[key] = len(out)
		out = append(out, Instance{Weight: negative, Forms: forms[i : i+1], Folds: benign[i], Value: int32(i)})
	}
	return out
}

func attackInstances(set *Set, forms []Form, fold FoldOf, benign []uint32) []Instance {
	var out []Instance
	seen := map[string]bool{}
	shared := map[string]uint32{}
	perFile := map[string]int{}
	for i := range set.Examples {
		x := &set.Examples[i]
		if !x.Attack || x.Weak {
			continue
		}
		b := hostile(set, x, benign)
		if len(b) == 0 {
			continue
		}
		folded := string(forms[b[len(b)-1]].Symbols)
		if f := fold(x); f >= 0 {
			shared[folded] |= 1 << uint(f)
		}
		key := x.File + folded
		if seen[key] {
			continue
		}
		seen[key] = true
		perFile[x.source()]++
		in := Instance{Attack: true, Folds: 1 << 31, File: x.source(), Family: FamilyOf(x.Category), Value: b[len(b)-1]}
		if f := fold(x); f >= 0 {
			in.Folds = 1 << uint(f)
		}
		for _, v := range b {
			in.Forms = append(in.Forms, forms[v])
		}
		out = append(out, in)
	}
	for i := range out {
		last := &out[i].Forms[len(out[i].Forms)-1]
		out[i].Shared = shared[string(last.Symbols)]
		out[i].Weight = sourceWeight(perFile[out[i].File])
	}
	return out
}

func (x *Example) source() string {
	if x.generated() {
		return x.Source
	}
	return x.File
}

// sourceWeight evens out sources of 300 to 20,000 payloads.
func sourceWeight(n int) float32 {
	switch {
	case n > 7500:
		return 0.2
	case n > 1500:
		return 1500 / float32(n)
	case n < 300:
		return 2
	}
	return 1
}

// hostile lists the values of an attack that carry the payload.
func hostile(set *Set, x *Example, benign []uint32) []int32 {
	grams := map[string]bool{}
	p := strings.ToLower(x.Payload)
	for k := 0; k+3 <= len(p); k++ {
		grams[p[k:k+3]] = true
	}
	roots := map[int16]bool{}
	for _, u := range x.Uses {
		if len(p) == 0 {
			if u.Loc == walk.Path || u.Loc == walk.Query || u.Loc == walk.Body {
				roots[u.Root] = true
			}
			continue
		}
		t := strings.ToLower(set.Values[u.Value].Text)
		hit, n := 0, 0
		for k := 0; k+3 <= len(t); k++ {
			n++
			if grams[t[k:k+3]] {
				hit++
			}
		}
		if n > 0 && hit*2 >= n {
			roots[u.Root] = true
		}
	}
	var out []int32
	for _, u := range x.Uses {
		if roots[u.Root] && benign[u.Value] == 0 && len(out) < maxForms {
			out = append(out, u.Value)
		}
	}
	return out
}

// FamilyOf maps a corpus category to a family.
func FamilyOf(category string) model.Family {
	switch category {
	case "lfi", "traversal", "path":
		return model.Traversal
	case "rce", "cmdi", "cmd", "shellshock":
		return model.CmdI
	case "rfi", "ssrf", "redirect":
		return model.SSRF
	case "ssti", "template", "expression", "ognl", "spel", "el":
		return model.Template
	case "deser", "deserialisation", "deserialization":
		return model.Deserialization
	case "crlf", "smuggling", "protocol", "mail", "fmt", "graphql":
		return model.Protocol
	case "code", "php", "prototype", "proto", "ssi", "esi", "csvi", "upload", "latex", "xslt":
		return model.Code
	case "xpath", "ldap":
		return model.LDAP
	}
	if f, ok := model.ParseFamily(category); ok {
		return f
	}
	return model.None
}
