package train

import "testing"

// TestNoise: the noise is the same for a seed, and strings fall out of it.
func TestNoise(t *testing.T) {
	a, b := Noise(1), Noise(1)
	for i := range a {
		if a[i] != b[i] || !a[i].Benign {
			t.Fatalf("sample %d differs or is no honest one", i)
		}
	}
	set := NewSet()
	if err := AddGenerated(set, a[:100]); err != nil {
		t.Fatal(err)
	}
	if n := len(set.Values); n < 200 {
		t.Errorf("%d values in 100 uploads", n)
	}
}
