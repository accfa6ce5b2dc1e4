package decode

import (
	"bytes"
	"testing"
)

func TestYAML(t *testing.T) {
	runWholeCases(t, "yaml.json", &YAML{}, LooksYAML)
}

func TestYAMLFlags(t *testing.T) {
	var c YAML
	var f Field
	c.Window([]byte("!!python/object/apply:os.system ['id']"), true)
	if c.Next(&f) != Found || f.Kind != KindMarkup || f.Flags&Serialized == 0 {
		t.Errorf("got %+v", f)
	}
	c.Window([]byte("!!str x"), true)
	if c.Next(&f) != Found || f.Flags != 0 {
		t.Errorf("own tag: %+v", f)
	}
}

func BenchmarkYAML(b *testing.B) {
	in := bytes.Repeat([]byte("user:\n  name: alice\n  roles:\n    - admin\n    - \"guest\"\n"), 20)
	benchWhole(b, &YAML{}, in)
}
