package decode

import "testing"

// Nothing but separators and quotes is left out.
func FuzzAuthParams(f *testing.F) {
	f.Add([]byte(`username="a\"b", realm=x, y`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var c AuthParams
		var fl Field
		got := 0
		c.Window(b, true)
		for c.Next(&fl) == Found {
			got += len(fl.Value)
			if fl.Kind == KindName {
				got += len(fl.Name)
			}
		}
		for i := 0; i < len(b); i++ {
			if asciiClass[b[i]]&asciiWord != 0 {
				got--
			}
		}
		if got < 0 {
			t.Fatalf("%d bytes lost", -got)
		}
		Authorization(b)
	})
}
