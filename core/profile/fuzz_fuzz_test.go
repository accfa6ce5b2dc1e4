package profile

import (
	"crypto/sha256"
	"encoding/binary"
	"testing"
)

// FuzzLoad checks that Load gives an error or a profile that answers without a
// panic; size and checksum are made right to get behind them.
func FuzzLoad(f *testing.F) {
	good, err := Encode(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{1}, uint16(0))
	f.Add([]byte{0xff, 0xff}, uint16(60))
	f.Fuzz(func(t *testing.T, patch []byte, at uint16) {
		_, _ = Load(patch)
		data := append([]byte(nil), good...)
		copy(data[int(at)%len(data):], patch)
		copy(data, magic)
		binary.LittleEndian.PutUint32(data[8:], uint32(len(data)))
		sum := sha256.Sum256(data[bodyAt:])
		copy(data[sumAt:], sum[:])
		p, err := Load(data)
		if err != nil {
			return
		}
		w := p.Place([]byte("a.shop.test"), []byte("GET"), []byte("/search"))
		var out [MaxEffects]Effect
		e := Evidence{Location: []byte("query.q"), Shape: Shape{Type: Code, Length: 15, Class: 1<<27 - 1}, Raw: true, N: 4}
		p.Judge(&w, &e, &out)
	})
}

// FuzzParse checks that Parse gives an error or what AppendRecord turns into
// the same bytes again.
func FuzzParse(f *testing.F) {
	o := Observation{Status: 2, Source: 9, Method: []byte("GET"), Host: []byte("h"), Template: []byte("/a")}
	params := AppendParam(nil, []byte("query.q"), &Shape{Type: Int, Length: 2, Class: 5, Hash: 6})
	marks := AppendIndicator(nil, &IndicatorSeen{Location: []byte("query.q"), Family: 1, Level: 2, Score: 80, Tokens: []uint32{1, 2}})
	f.Add(AppendRecord(nil, &o, params, 1, marks, 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		var o Observation
		if o.Parse(data) != nil {
			return
		}
		var params, marks []byte
		for i := range o.Params {
			params = AppendParam(params, o.Params[i].Location, &o.Params[i].Shape)
		}
		for i := range o.Indicators {
			marks = AppendIndicator(marks, &o.Indicators[i])
		}
		if again := AppendRecord(nil, &o, params, len(o.Params), marks, len(o.Indicators)); string(again) != string(data) {
			t.Errorf("%x became %x", data, again)
		}
	})
}

// FuzzTemplate checks that a template is its own template's endpoint: what the
// wrapper sends and what the engine looks up agree.
func FuzzTemplate(f *testing.F) {
	f.Add("/users/42/x")
	f.Add("/2026-11-22/{number}//a%20b")
	f.Fuzz(func(t *testing.T, path string) {
		path = string(Path([]byte(path)))
		template := AppendTemplate(nil, []byte(path))
		root := Root("a")
		node := Endpoint(root, []byte("GET"), template)
		data, err := Encode(&Content{Assets: []Asset{{Name: "a", Host: "*"}}, Nodes: nodes(root, template, node)})
		if err != nil {
			t.Fatal(err)
		}
		p, err := Load(data)
		if err != nil {
			t.Fatal(err)
		}
		if w := p.Place(nil, []byte("GET"), []byte(path)); w.flags == 0 || w.node != node {
			t.Errorf("%q with template %q is not found", path, template)
		}
	})
}

// nodes lists the prefixes of an endpoint.
func nodes(root uint64, template []byte, endpoint uint64) []Node {
	seen := map[uint64]bool{endpoint: true}
	out := []Node{{Key: endpoint, Flags: NodeEndpoint}}
	for i := 0; i <= len(template); i++ {
		if i == len(template) || template[i] == '/' {
			if k := Endpoint(root, []byte("GET"), template[:i]); !seen[k] {
				seen[k] = true
				out = append(out, Node{Key: k})
			}
		}
	}
	return out
}
