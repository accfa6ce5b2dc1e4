package decode

import "testing"

// No letter is lost.
func FuzzGraphQL(f *testing.F) {
	f.Add([]byte(`query Q($a: Int = 1) @d { user(id: "1\"", x: """b"c""") { ...F name } # end`))
	f.Fuzz(func(t *testing.T, b []byte) {
		LooksGraphQL(b)
		checkLoss(t, &GraphQL{}, b, func([]byte) int { return 0 })
	})
}
