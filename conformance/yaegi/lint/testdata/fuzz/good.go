package sample

import "testing"

func checkIt(t *testing.T, b []byte) {
	t.Helper()
}
