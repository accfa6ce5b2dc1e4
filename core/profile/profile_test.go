package profile

import (
	"bytes"
	"testing"
)

// sample is a small profile: one asset, two endpoints, a mature parameter with
// a familiar token.
func sample() *Content {
	root := Root("shop")
	search := Endpoint(root, []byte("GET"), []byte("/search"))
	user := Endpoint(root, []byte("GET"), []byte("/users/{name}"))
	return &Content{Generation: 7, Created: 1000,
		Assets: []Asset{{Name: "shop", Host: "*.shop.test", Base: "/", Flags: AssetMature}, {Name: "other", Host: "*", Base: "/api"}},
		Nodes: []Node{{Key: Mix(root, Hash([]byte("GET")))}, {Key: search, Flags: NodeEndpoint | NodeMature},
			{Key: Endpoint(root, []byte("GET"), []byte("/users"))}, {Key: user, Flags: NodeEndpoint}},
		Params: []Record{{Key: Param(search, []byte("query.q")), Flags: RecordMature, Types: 1<<Word | 1<<Phrase, Classes: 0x3c0000, Lengths: 0x3e,
			Sources: 40, Familiar: []uint16{Print(TokenKey(1, "' or"))}, Votes: 30, Windows: 9}}}
}

func load(t *testing.T, c *Content) *Profile {
	t.Helper()
	data, err := Encode(c)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPlace looks requests up: hosts, bases, templates.
func TestPlace(t *testing.T) {
	p := load(t, sample())
	for _, c := range []struct {
		host, method, path, asset string
		endpoint, mature          bool
	}{
		{"a.shop.test", "GET", "/search", "shop", true, true},
		{"a.shop.test", "GET", "//search/", "shop", true, true},
		{"a.shop.test", "POST", "/search", "shop", false, false},
		{"a.shop.test", "GET", "/users/anna", "shop", true, false},
		{"a.shop.test", "GET", "/users", "shop", false, false},
		{"a.shop.test", "GET", "/users/anna/x", "shop", false, false},
		{"shop.test", "GET", "/api/x", "other", false, false},
		{"shop.test", "GET", "/apix", "", false, false},
		{"", "GET", "/", "", false, false},
	} {
		w := p.Place([]byte(c.host), []byte(c.method), []byte(c.path))
		if w.Asset != c.asset || w.Known != (c.asset != "") || (w.flags&NodeEndpoint != 0) != c.endpoint || w.Mature() != c.mature {
			t.Errorf("%s %s%s: %+v", c.method, c.host, c.path, w)
		}
	}
}

// TestLoadDamaged checks that every damaged byte is an error, as is every
// length.
func TestLoadDamaged(t *testing.T) {
	data, err := Encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(data); i++ {
		if _, err := Load(data[:i]); err == nil {
			t.Fatalf("cut at %d: no error", i)
		}
		bad := append([]byte(nil), data...)
		bad[i] ^= 0x10
		if _, err := Load(bad); err == nil {
			t.Fatalf("byte %d changed: no error", i)
		}
	}
}

// TestEncodeOrder checks that the order of the content is no part of the bytes.
func TestEncodeOrder(t *testing.T) {
	a, _ := Encode(sample())
	c := sample()
	c.Nodes[0], c.Nodes[3] = c.Nodes[3], c.Nodes[0]
	b, _ := Encode(c)
	if !bytes.Equal(a, b) {
		t.Error("the order of nodes shows")
	}
	c.Params[0].Enums = make([]uint32, MaxEnums+1)
	if _, err := Encode(c); err == nil {
		t.Error("more values than a record holds were encoded")
	}
}

// TestSize checks the promise of at most 200 bytes a parameter.
func TestSize(t *testing.T) {
	c := sample()
	before, _ := Encode(c)
	full := Record{Key: 1, Enums: make([]uint32, MaxEnums), Familiar: make([]uint16, MaxFamiliar)}
	c.Params = append(c.Params, full)
	after, err := Encode(c)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(after) - len(before); n > 200 {
		t.Errorf("the largest record takes %d bytes", n)
	}
}

// TestJudge checks every effect on a mature parameter.
func TestJudge(t *testing.T) {
	p := load(t, sample())
	w := p.Place([]byte("a.shop.test"), []byte("GET"), []byte("/search"))
	familiar := TokenKey(1, "' or")
	ok := Shape{Type: Word, Length: 3, Class: 0x200000}
	for _, c := range []struct {
		name     string
		location string
		e        Evidence
		want     []Effect
	}{
		{"nothing new", "query.q", Evidence{Shape: ok, Raw: true}, nil},
		{"type", "query.q", Evidence{Shape: Shape{Type: Code, Length: 3}, Raw: true}, []Effect{{NewType, raiseType, 40, 0}}},
		{"decoded form", "query.q", Evidence{Shape: Shape{Type: Code, Length: 3}}, nil},
		{"characters", "query.q", Evidence{Shape: Shape{Type: Word, Length: 3, Class: 0x3}, Raw: true}, []Effect{{NewCharacters, 2 * raiseClass, 40, 0}}},
		{"length", "query.q", Evidence{Shape: Shape{Type: Word, Length: 8}, Raw: true}, []Effect{{NewLength, raiseLength, 40, 0}}},
		{"parameter", "query.z", Evidence{Shape: ok, Raw: true}, []Effect{{NewParam, raiseParam, 0, 0}}},
		{"header", "header.z", Evidence{Shape: ok, Raw: true}, nil},
		{"familiar", "query.q", Evidence{Shape: ok, Raw: true, Found: true, N: 1, Tokens: [4]uint32{familiar}, Weights: [4]int{9}}, []Effect{{Familiar, -MaxDiscount, 30, 9}}},
		{"half familiar", "query.q", Evidence{Shape: ok, Raw: true, Found: true, N: 2, Tokens: [4]uint32{familiar, 1}, Weights: [4]int{9, 9}}, nil},
		{"critical", "query.q", Evidence{Shape: ok, Raw: true, Found: true, Critical: true, N: 1, Tokens: [4]uint32{familiar}, Weights: [4]int{9}}, nil},
	} {
		c.e.Location = []byte(c.location)
		var out [MaxEffects]Effect
		n := p.Judge(&w, &c.e, &out)
		if n != len(c.want) {
			t.Errorf("%s: %+v", c.name, out[:n])
			continue
		}
		for i := 0; i < n; i++ {
			if out[i] != c.want[i] {
				t.Errorf("%s: %+v, want %+v", c.name, out[i], c.want[i])
			}
		}
	}
}

// TestConfirmed checks that a critical score is discounted when an operator
// confirmed each of its tokens, and only then.
func TestConfirmed(t *testing.T) {
	c := sample()
	c.Params[0].Confirmed = c.Params[0].Familiar
	c.Params[0].Familiar = nil
	p := load(t, c)
	w := p.Place([]byte("a.shop.test"), []byte("GET"), []byte("/search"))
	e := Evidence{Location: []byte("query.q"), Shape: Shape{Type: Word, Length: 3}, Raw: true, Found: true, Critical: true, N: 1, Tokens: [4]uint32{TokenKey(1, "' or")}, Weights: [4]int{9}}
	var out [MaxEffects]Effect
	if n := p.Judge(&w, &e, &out); n != 1 || out[0].Reason != Confirmed {
		t.Errorf("%+v", out[:n])
	}
	e.N, e.Tokens[1], e.Weights[1] = 2, 5, 1
	if n := p.Judge(&w, &e, &out); n != 0 {
		t.Errorf("one token of two is confirmed: %+v", out[:n])
	}
}
