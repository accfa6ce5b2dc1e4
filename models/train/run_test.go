package train

import (
	"bytes"
	"runtime"
	"testing"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
)

// TestDeterministic trains twice, on one processor and on several: the bytes
// and every left-out score are the same.
func TestDeterministic(t *testing.T) {
	a := result(t)
	old := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(old)
	o := options()
	b, err := Train(load(t), &o)
	if err != nil {
		t.Fatal(err)
	}
	x, err := a.Tables.Encode()
	if err != nil {
		t.Fatal(err)
	}
	y, err := b.Tables.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(x, y) {
		t.Error("two runs give different models")
	}
	for i := range a.Scores {
		if a.Scores[i] != b.Scores[i] {
			t.Fatalf("example %d scores %v and %v", i, a.Scores[i], b.Scores[i])
		}
	}
	o.Seed++
	c, err := Train(load(t), &o)
	if err != nil {
		t.Fatal(err)
	}
	if z, _ := c.Tables.Encode(); bytes.Equal(x, z) {
		t.Error("the seed does not matter")
	}
}

// TestInspect loads the trained model into an engine, which then blocks
// attacks that were not in training, and lets the like of training's honest
// requests pass.
func TestInspect(t *testing.T) {
	e, err := core.New(core.Config{Model: loadTables(t, result(t).Tables)})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		uri    string
		action core.Action
		family model.Family
	}{
		{"/items?id=x%27%20union%20select%20pin%2Cmail%20from%20badges--%20", core.Block, model.SQLi},
		{"/shop?note=%3Cscript%3Ealert%28777%29%3C%2Fscript%3E", core.Block, model.XSS},
		{"/search?q=wool+blanket&page=2", core.Pass, model.None},
		{"/items/yasmin-31", core.Pass, model.None},
	} {
		v := e.Inspect(&core.Request{Method: "GET", URI: c.uri, Headers: []core.Header{{Name: "Host", Value: "shop.example.test"}}})
		if v.Action != c.action || c.action == core.Block && v.Family != c.family {
			t.Errorf("%s: %s, %s %d in %s", c.uri, v.Action.Name(), v.Family.Name(), v.Score, v.Location)
		}
	}
}

// TestLeftOut checks that the scores of cross-validation come from models that
// have not seen the source: attack text that only one file has is unknown to
// the model that scores this file, and known to the model that ships.
func TestLeftOut(t *testing.T) {
	set := load(t)
	o := options()
	fold := SiteFolds(set, o.Folds, false)
	byFile := map[string]int{}
	for i := range set.Examples {
		x := &set.Examples[i]
		k := fold(x)
		if k < 0 || k >= o.Folds {
			t.Fatalf("%s is in fold %d", x.ID, k)
		}
		if x.Attack {
			if old, ok := byFile[x.File]; ok && old != k {
				t.Errorf("%s is in folds %d and %d", x.File, old, k)
			}
			byFile[x.File] = k
		}
	}
	if byFile["attack_alpha"] == byFile["attack_beta"] {
		t.Error("both files are in one fold")
	}
	in := MakeInstances(set, MakeForms(set, uint32(o.Flags)), fold, o.Negative)
	scores, err := CrossValidate(&o, set, in, fold)
	if err != nil {
		t.Fatal(err)
	}
	// train by hand without a file: its scores must be those of cross-validation
	for file, k := range byFile {
		var rest []Instance
		for i := range in {
			bit := uint32(1) << uint(k)
			if in[i].Attack && in[i].Shared&bit == 0 || !in[i].Attack && in[i].Folds != bit {
				rest = append(rest, in[i])
			}
			// what another file has of this file's attacks is left out as well
			if in[i].Attack && in[i].File == file && in[i].Shared&bit == 0 {
				t.Errorf("an attack of %s is trained on when its file is left out", file)
			}
		}
		const all = ^uint32(0)
		tab, err := build(&o, fitFold(&o, rest, all, o.Seed+int64(k)), set, rest, all)
		if err != nil {
			t.Fatal(err)
		}
		own := make([]Scores, len(set.Examples))
		if err := scoreAll(tab, set, own, func(x *Example) bool { return x.File == file }); err != nil {
			t.Fatal(err)
		}
		for i := range set.Examples {
			if set.Examples[i].File == file && own[i] != scores[i] {
				t.Fatalf("%s: %v with its file left out by hand, %v by fold", set.Examples[i].ID, own[i], scores[i])
			}
		}
	}
}

func TestNothingToLearn(t *testing.T) {
	o := options()
	if _, err := Train(NewSet(), &o); err == nil {
		t.Error("an empty set: no error")
	}
}
