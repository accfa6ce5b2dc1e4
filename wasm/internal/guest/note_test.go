package guest

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/wasm/internal/abi"
)

// read reads pairs as a stream does, and returns the headers that it would judge.
func read(n *note, pairs abi.Pairs) (judged []string) {
	n.pseudo(pairs)
	for name, value, more := n.next(&pairs, "x-request-id"); more; name, value, more = n.next(&pairs, "x-request-id") {
		judged = append(judged, name+": "+value)
	}
	n.keep()
	return judged
}

func TestNote(t *testing.T) {
	data, err := os.ReadFile("testdata/note.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name                    string
		Headers, Judged         []string
		ID, Method, Host, Path  string
		Accept                  string
		GRPC, Tunnel, Streaming bool
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		pairs, err := abi.Parse(abi.AppendMap(nil, c.Headers...))
		if err != nil {
			t.Fatal(err)
		}
		var n note
		n.reset()
		judged := read(&n, pairs)
		if n.id != c.ID || n.method != c.Method || n.authority != c.Host || n.path != c.Path || n.accept != c.Accept {
			t.Errorf("%s: id %q method %q host %q path %q accept %q", c.Name, n.id, n.method, n.authority, n.path, n.accept)
		}
		if c.Judged != nil && !slices.Equal(judged, c.Judged) {
			t.Errorf("%s: judged %q, want %q", c.Name, judged, c.Judged)
		}
		if n.grpc != c.GRPC || n.tunnel != c.Tunnel || n.streaming != c.Streaming {
			t.Errorf("%s: grpc %v tunnel %v streaming %v", c.Name, n.grpc, n.tunnel, n.streaming)
		}
	}
}

// TestNoteBounds gives every field more than there is room for.
func TestNoteBounds(t *testing.T) {
	long := strings.Repeat("a", 5000)
	pairs, err := abi.Parse(abi.AppendMap(nil, ":method", long, ":authority", long, ":path", long, "accept", long, "accept", long, "x-request-id", long[:128]))
	if err != nil {
		t.Fatal(err)
	}
	var n note
	n.reset()
	read(&n, pairs)
	if len(n.accept) != maxAccept || len(n.method) != maxMethod || len(n.authority) != maxAuthority || len(n.path) != maxPath || len(n.id) != maxID {
		t.Errorf("accept %d method %d host %d path %d id %d", len(n.accept), len(n.method), len(n.authority), len(n.path), len(n.id))
	}
}
