package policy

import (
	"testing"
	"time"
)

var day = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func compile(t *testing.T, text string) *Policy {
	d, err := Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(d, day)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const sample = `{"apiVersion":"glacis/v1","name":"shop","defaults":{"mode":"detect","limits":{"bodyBytes":1000,"bodies":[{"kinds":["json"],"bytes":5}]}},` +
	`"assets":[{"name":"a","hosts":["a.test","*.b.test:81"],"paths":["/x"]},{"name":"b","paths":["/y"]}],` +
	`"exceptions":[{"id":"é\"\\\u0007","locations":["query.q"],"headers":[{"name":"X","value":"y"}],"expires":"2027-01-01"}]}`

// TestEncode checks that the JSON form survives a round trip byte for byte.
func TestEncode(t *testing.T) {
	d, err := Decode([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(Encode(d)); got != sample {
		t.Errorf("got  %s\nwant %s", got, sample)
	}
	again, err := Decode([]byte(" {\n\t\"name\" : \"shop\", " + sample[1:25] + sample[39:] + " "))
	if err != nil {
		t.Fatal(err)
	}
	if Version(d) != Version(again) || len(Version(d)) != len("shop@")+12 {
		t.Errorf("%s %s", Version(d), Version(again))
	}
	again.Name = "shop2"
	if Version(d)[5:] == Version(again)[6:] {
		t.Error("the hash does not depend on the content")
	}
}

func TestDecodeErrors(t *testing.T) {
	cases := [][2]string{
		{`{"assets":[{"nme":"x"}]}`, "policy: assets[0].nme: unknown key (one of name, hosts, paths, mode, learning, confidence, limits, response, protections)"},
		{`{"name":1}`, "policy: name: want a string"},
		{`{"assets":{}}`, "policy: assets: want a list"},
		{`{"assets":[1]}`, "policy: assets[0]: want a mapping"},
		{`{"failMode":[]}`, "policy: failMode: want a mapping"},
		{`{"defaults":{"limits":{"depth":1.5}}}`, "policy: defaults.limits.depth: want a whole number"},
		{`{"exceptions":[{"paths":[1]}]}`, "policy: exceptions[0].paths[0]: want a string"},
		{`[]`, "policy: want a mapping"},
		{`{"a":1,"a":2}`, "policy: JSON: byte 10: key \"a\" twice"},
		{`{} x`, "policy: JSON: byte 3: text behind the end"},
		{`{"a":tru}`, "policy: JSON: byte 5: no JSON value"},
		{`{"a":"x`, "policy: JSON: byte 7: string without end"},
		{`{"a":"\q"}`, "policy: JSON: byte 8: bad escape"},
		{`{"a" 1}`, "policy: JSON: byte 5: want :"},
	}
	for i := 0; i < len(cases); i++ {
		_, err := Decode([]byte(cases[i][0]))
		if err == nil || err.Error() != cases[i][1] {
			t.Errorf("%s:\n got %v\nwant %s", cases[i][0], err, cases[i][1])
		}
	}
}

// TestFromTexts checks that what generic decoders return is read like JSON.
func TestFromTexts(t *testing.T) {
	d, err := FromNode(FromTexts(map[string]any{"apiVersion": APIVersion, "name": "shop",
		"assets":   []any{map[any]any{"name": "a", "hosts": []string{"a.test"}}},
		"defaults": map[string]any{"limits": map[string]any{"depth": float64(7), "values": int64(8), "bodyBytes": 9}}}))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"apiVersion":"glacis/v1","name":"shop","defaults":{"limits":{"bodyBytes":9,"depth":7,"values":8}},"assets":[{"name":"a","hosts":["a.test"]}]}`
	if got := string(Encode(d)); got != want {
		t.Errorf("%s", got)
	}
	if _, err := FromNode(FromTexts(map[string]any{"name": true})); err == nil {
		t.Error("a boolean name was taken")
	}
}
