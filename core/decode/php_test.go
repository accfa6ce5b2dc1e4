package decode

import (
	"bytes"
	"testing"
)

func TestPHP(t *testing.T) {
	runWholeCases(t, "php.json", &PHP{}, LooksPHP)
}

func TestPHPFlags(t *testing.T) {
	var c PHP
	var f Field
	c.Window([]byte(`S:4:"\61bc";`), true)
	if c.Next(&f) != Found || !f.Escaped || f.Flags&Serialized == 0 {
		t.Errorf("got %+v", f)
	}
}

// Deeper nesting than MaxDepth is still read to the end.
func TestPHPDeep(t *testing.T) {
	in := append(bytes.Repeat([]byte("a:1:{i:0;"), 500), `s:3:"abc";`...)
	got := wholeFields(t, &PHP{}, in)
	if len(got) == 0 || got[len(got)-1][len(got[len(got)-1])-4:] != "=abc" {
		t.Errorf("last field %q", got[len(got)-1])
	}
}

func BenchmarkPHP(b *testing.B) {
	in := bytes.Repeat([]byte(`a:2:{s:4:"name";s:5:"alice";i:0;O:8:"stdClass":0:{}}`), 20)
	benchWhole(b, &PHP{}, in)
}
