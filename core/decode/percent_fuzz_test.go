package decode

import "testing"

// The output is never longer than the input, and only Changed lets it differ.
func FuzzPercent(f *testing.F) {
	f.Add([]byte("%3Cb%3e+%u003c%%32%65%uD83D%uDE00%"), true)
	f.Fuzz(func(t *testing.T, src []byte, plus bool) {
		escInvariant(t, "Percent", src, len(src), func(dst, src []byte) ([]byte, Flags) {
			return Percent(dst, src, plus)
		})
	})
}
