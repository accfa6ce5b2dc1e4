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
	var c GraphQL
	var f Field
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		c.Window(in, true)
		for c.Next(&f) == Found {
		}
	}
}
