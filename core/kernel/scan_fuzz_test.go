package kernel

import "testing"

// FuzzScan: Scan sees what the plain loop sees, in any value with any gate.
func FuzzScan(f *testing.F) {
	f.Add([]byte("id=1' or '1'='1"), "' or", uint16(3))
	f.Add([]byte("<script>"), "<sc", uint16(200))
	f.Fuzz(func(t *testing.T, v []byte, gate string, repeat uint16) {
		long := v
		for n := 0; n < int(repeat) && len(long) < 20000; n++ {
			long = append(long, v...)
			long = append(long, 'x')
		}
		checkScan(t, long, gateOf(gate))
	})
}
