package gen

import (
	"encoding/json"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/glacis-waf/glacis/core/model"
)

// size is how many values a group has to give in these tests; training asks for
// more.
const size = 1000

// TestDeterminism: the same seed gives the same samples, another one others.
func TestDeterminism(t *testing.T) {
	if !slices.Equal(Attacks(7, 40), Attacks(7, 40)) || !slices.Equal(Benign(7, 40), Benign(7, 40)) {
		t.Fatal("two runs with one seed differ")
	}
	if slices.Equal(Attacks(7, 40), Attacks(8, 40)) {
		t.Fatal("the seed has no effect")
	}
}

// TestGroupsAreIndependent: a group's samples do not depend on how many are
// asked for, only their number does.
func TestGroupsAreIndependent(t *testing.T) {
	few, many := byGroup(Attacks(3, 10)), byGroup(Attacks(3, 50))
	for name, samples := range few {
		if !slices.Equal(samples, many[name][:len(samples)]) {
			t.Errorf("%s: the first samples changed with the number asked for", name)
		}
	}
}

func TestNothingForNothing(t *testing.T) {
	if got := len(Attacks(1, 0)) + len(Benign(1, -5)); got != 0 {
		t.Fatalf("%d samples for none wanted", got)
	}
}

// TestSizes: every group gives what is asked for, nothing twice, and across
// groups at most one value in twenty is repeated.
func TestSizes(t *testing.T) {
	for _, samples := range [][]Sample{Attacks(1, size), Benign(1, size)} {
		all := map[string]bool{}
		for name, group := range byGroup(samples) {
			if len(group) != size {
				t.Errorf("%s: %d values, want %d", name, len(group), size)
			}
			own := map[string]bool{}
			for _, s := range group {
				if own[s.Value] {
					t.Errorf("%s: %q twice", name, s.Value)
				}
				own[s.Value], all[s.Value] = true, true
			}
		}
		if min := len(samples) * 95 / 100; len(all) < min {
			t.Errorf("%d distinct values of %d, want %d", len(all), len(samples), min)
		}
	}
}

// TestDiversity: a group is more than one template with numbers filled in: with
// letters and digits folded away, many skeletons are left.
func TestDiversity(t *testing.T) {
	fold := func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return '0'
		case r|0x20 >= 'a' && r|0x20 <= 'z':
			return 'a'
		}
		return r
	}
	for name, group := range byGroup(append(Attacks(2, size), Benign(2, size)...)) {
		shapes := map[string]bool{}
		for _, s := range group {
			shapes[squeeze(strings.Map(fold, s.Value))] = true
		}
		if len(shapes) < 15 {
			t.Errorf("%s: only %d shapes in %d values", name, len(shapes), len(group))
		}
	}
}

func squeeze(s string) string {
	b := []byte(s)
	return string(slices.Compact(b))
}

// TestFamilies: the names are those of core/model and every family has groups.
func TestFamilies(t *testing.T) {
	seen := map[string]int{}
	for _, s := range Attacks(1, 1) {
		f, ok := model.ParseFamily(s.Family)
		if !ok || f == model.None || s.Benign {
			t.Errorf("%s: family %q, benign %v", s.Group, s.Family, s.Benign)
		}
		seen[s.Family]++
	}
	for f := model.None + 1; f < model.Families; f++ {
		if seen[f.Name()] == 0 {
			t.Errorf("no group of family %s", f.Name())
		}
	}
	for _, s := range Benign(1, 1) {
		if s.Family != "none" || !s.Benign {
			t.Errorf("%s: family %q, benign %v", s.Group, s.Family, s.Benign)
		}
	}
}

// TestLocations: only documented locations, and a JSON body is JSON.
func TestLocations(t *testing.T) {
	known := strings.Fields("query pair name path header cookie json xml body multipart filename")
	for _, s := range append(Attacks(4, 60), Benign(4, 60)...) {
		if !slices.Contains(known, s.Location) && !strings.HasPrefix(s.Location, "header:") {
			t.Errorf("%s: location %q", s.Group, s.Location)
		}
		if s.Location == "json" && !json.Valid([]byte(s.Value)) {
			t.Errorf("%s: not JSON: %q", s.Group, s.Value)
		}
		if len(s.Value) > 2*longest || s.Value == "" {
			t.Errorf("%s: %d bytes", s.Group, len(s.Value))
		}
		if strings.ContainsAny(s.Value, "‹›¦") {
			t.Errorf("%s: grammar left over in %q", s.Group, s.Value)
		}
	}
}

// TestForbidden: the attack classes the evaluation keeps for itself must not
// leak into training data.
func TestForbidden(t *testing.T) {
	var words []string
	read(t, "testdata/forbidden.json", &words)
	words = append(words, heldOut)
	for _, s := range append(Attacks(5, size), Benign(5, size)...) {
		low := strings.ToLower(s.Value)
		for _, w := range words {
			if strings.Contains(low, w) {
				t.Errorf("%s: %q in %q", s.Group, w, s.Value)
			}
		}
	}
}

// TestBenignIsBenign: substrings that no honest value of ours may hold.
func TestBenignIsBenign(t *testing.T) {
	var words []string
	read(t, "testdata/hostile.json", &words)
	for _, s := range Benign(6, size) {
		low := strings.ToLower(s.Value)
		for _, w := range words {
			if strings.Contains(low, w) {
				t.Errorf("%s: %q in %q", s.Group, w, s.Value)
			}
		}
		if !utf8.ValidString(s.Value) {
			t.Errorf("%s: broken UTF-8 in %q", s.Group, s.Value)
		}
	}
}

var update = flag.Bool("update", false, "write testdata/golden.json anew")

// TestGolden compares three lines of every group with testdata/golden.json;
// go test -update writes it.
func TestGolden(t *testing.T) {
	got := map[string][]string{}
	for _, s := range append(Attacks(1, 3), Benign(1, 3)...) {
		got[s.Group] = append(got[s.Group], s.Family+" "+s.Location+" "+s.Value)
	}
	const file = "testdata/golden.json"
	if *update {
		b, err := json.MarshalIndent(got, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string][]string{}
	read(t, file, &want)
	for name, lines := range got {
		for i, line := range lines {
			if line = strings.ToValidUTF8(line, "\uFFFD"); i >= len(want[name]) || !sameText(line, want[name][i]) {
				t.Errorf("%s: line %d is now %q", name, i, line)
			}
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d groups, golden has %d", len(got), len(want))
	}
}

// sameText compares what JSON keeps of two texts: runs of broken UTF-8 become
// replacement characters there, one per byte.
func sameText(a, b string) bool {
	drop := func(s string) string { return strings.ReplaceAll(s, "\uFFFD", "") }
	return drop(a) == drop(b)
}

func byGroup(samples []Sample) map[string][]Sample {
	m := map[string][]Sample{}
	for _, s := range samples {
		m[s.Group] = append(m[s.Group], s)
	}
	return m
}

func read(t *testing.T, file string, into any) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}
