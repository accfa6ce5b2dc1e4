package model

import "testing"

// TestFamilies parses what Name writes, and knows no other name.
func TestFamilies(t *testing.T) {
	for i := 0; i < int(Families); i++ {
		f := Family(i)
		name := f.Name()
		got, ok := ParseFamily(name)
		if name == "" || !ok || got != f {
			t.Errorf("family %d is %q, which parses as %d, %t", i, name, int(got), ok)
		}
	}
	if Families.Name() != "" || Family(255).Name() != "" {
		t.Error("a number that is no family has a name")
	}
	for _, name := range []string{"", " ", "SQLi", "sql", "sqli ", "none sqli"} {
		if f, ok := ParseFamily(name); ok || f != None {
			t.Errorf("%q parses as %d", name, int(f))
		}
	}
	// the tags of the format have four bits
	if Families > 16 {
		t.Error("too many families for the format")
	}
}
