package train

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/model"
)

// TestFamilyOf checks that every category of the corpora, and every name of a
// family, is mapped; what stands for no family is None.
func TestFamilyOf(t *testing.T) {
	for category, want := range map[string]model.Family{
		"sqli": model.SQLi, "xss": model.XSS, "cmdi": model.CmdI, "rce": model.CmdI, "shellshock": model.CmdI,
		"lfi": model.Traversal, "path": model.Traversal, "rfi": model.SSRF, "redirect": model.SSRF,
		"ssti": model.Template, "el": model.Template, "php": model.Code, "ssi": model.Code, "xxe": model.XXE,
		"nosqli": model.NoSQLi, "xpath": model.LDAP, "deser": model.Deserialization, "crlf": model.Protocol,
		"smuggling": model.Protocol, "scanner": model.Scanner,
		"": model.None, "none": model.None, "other": model.None,
	} {
		if f := FamilyOf(category); f != want {
			t.Errorf("%q is %s, not %s", category, f.Name(), want.Name())
		}
	}
	// the categories that the corpora use
	for _, category := range strings.Fields("sqli xss lfi rce rfi redirect ssti xxe ssrf deser nosqli crlf proto ssi fmt " +
		"shellshock ldap upload latex xslt xpath graphql csvi ognl") {
		if FamilyOf(category) == model.None {
			t.Errorf("%q is of no family", category)
		}
	}
	for f := model.None; f < model.Families; f++ {
		if g := FamilyOf(f.Name()); g != f {
			t.Errorf("%s is %s", f.Name(), g.Name())
		}
	}
}

// TestInstances checks the bags: attack values carry their payload and occur
// in no honest request; honest ones are distinct.
func TestInstances(t *testing.T) {
	set := load(t)
	o := options()
	in := MakeInstances(set, MakeForms(set, uint32(o.Flags)), SiteFolds(set, o.Folds, false), o.Negative)
	benign := map[int32]bool{}
	for i := range set.Examples {
		if x := &set.Examples[i]; !x.Attack {
			for _, u := range x.Uses {
				benign[u.Value] = true
			}
		}
	}
	seen := map[int32]bool{}
	for i := range in {
		x := &in[i]
		text := set.Values[x.Value].Text
		switch {
		case len(x.Forms) == 0 || x.Weight <= 0 || x.Folds == 0:
			t.Errorf("%q: %d forms, weight %f, folds %x", text, len(x.Forms), x.Weight, x.Folds)
		case x.Attack && (benign[x.Value] || x.Family == model.None):
			t.Errorf("%q of %s is honest too, or of no family", text, x.File)
		case !x.Attack && (!benign[x.Value] || seen[x.Value]):
			t.Errorf("%q is not honest, or twice", text)
		}
		seen[x.Value] = true
	}
}

func TestDualUse(t *testing.T) {
	if !DualUse("benign_sqlapi") || !DualUse("benign_secprose") || DualUse("benign_api") || !Recorded("benign_har") || Recorded("benign_api") {
		t.Error("files are not told apart")
	}
}
