package sample

import "testing"

func FuzzIt(f *testing.F) { // want
	f.Fuzz(func(t *testing.T, b []byte) {})
}
