package decode

import "testing"

// No letter is lost.
func FuzzYAML(f *testing.F) {
	f.Add([]byte("---\na: &x 'b'\n\"c\\\"\": |\n  text\n  more\n- !!python/x [y] # z\n? k\n"))
	f.Add([]byte("a: 'b\nc: \"d\ne: >-\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		LooksYAML(b)
		checkLoss(t, &YAML{}, b, func([]byte) int { return 0 })
	})
}
