package decode

import (
	"bytes"
	"testing"
)

func TestGraphQL(t *testing.T) {
	runWholeCases(t, "graphql.json", &GraphQL{}, LooksGraphQL)
}

func BenchmarkGraphQL(b *testing.B) {
	in := bytes.Repeat([]byte("{ user(id: \"1\", name: \"alice\") { name friends(first: 10) { id } } }\n"), 20)
	benchWhole(b, &GraphQL{}, in)
}
