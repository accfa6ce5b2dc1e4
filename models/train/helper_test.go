package train

import (
	"path/filepath"
	"sync"
	"testing"

	"github.com/glacis-waf/glacis/core/kernel"
	"github.com/glacis-waf/glacis/core/model"
)

// options are small enough for a test and without generated samples.
func options() Options {
	o := DefaultOptions()
	o.Slots, o.Epochs, o.Folds, o.Generated = 1<<14, 3, 2, 0
	return o
}

// load takes the small corpus of testdata apart.
func load(t testing.TB) *Set {
	t.Helper()
	var files []string
	for _, prefix := range []string{"attack_", "benign_"} {
		found, err := Files("testdata", prefix)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) != 4 || filepath.Base(files[0]) != "attack_alpha.jsonl" {
		t.Fatalf("files %v", files)
	}
	o := options()
	set, err := LoadSet(files, &o)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

var trained struct {
	sync.Once
	result *Result
	err    error
}

// result trains on the small corpus, once.
func result(t testing.TB) *Result {
	t.Helper()
	trained.Do(func() {
		o := options()
		trained.result, trained.err = Train(load(t), &o)
	})
	if trained.err != nil {
		t.Fatal(trained.err)
	}
	return trained.result
}

// loadTables encodes tables and loads them.
func loadTables(t testing.TB, tab *model.Tables) *model.Model {
	t.Helper()
	data, err := tab.Encode()
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// wide is a gate of all trigrams.
func wide() *kernel.Gate {
	g := new(kernel.Gate)
	for i := range g {
		g[i] = ^uint64(0)
	}
	return g
}
