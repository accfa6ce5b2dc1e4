package decode

import "testing"

// No letter is lost, whatever the sniffer says.
func FuzzDelimited(f *testing.F) {
	f.Add([]byte(`a|b|c`))
	f.Add([]byte("a,\"b\"\"c\",d\r\nk:v,\"x"))
	f.Fuzz(func(t *testing.T, b []byte) {
		checkLoss(t, &Delimited{}, b, func([]byte) int { return 0 })
	})
}
