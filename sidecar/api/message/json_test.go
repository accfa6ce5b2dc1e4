package message

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseJSON(t *testing.T) {
	data, err := os.ReadFile("testdata/json.json")
	if err != nil {
		t.Fatal(err)
	}
	type jsonCase struct {
		Name, In          string
		Method, URI       string
		Headers, Trailers [][2]string
		Body64            string
		Truncated         bool
		Error             string
	}
	var cases []jsonCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			r, err := ParseJSON([]byte(c.In))
			if err != nil || c.Error != "" {
				if err == nil || err.Error() != c.Error {
					t.Fatalf("error %v, want %q", err, c.Error)
				}
				return
			}
			got := jsonCase{c.Name, c.In, r.Method, r.URI, pairs(r.Headers), pairs(r.Trailers), base64.StdEncoding.EncodeToString(r.Body), r.Truncated, ""}
			if diff := cmp.Diff(c, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Bytes that are no UTF-8 arrive as they are.
func TestParseJSONKeepsBytes(t *testing.T) {
	r, err := ParseJSON([]byte("{\"method\":\"GET\",\"uri\":\"/\xff\",\"headers\":[[\"a\",\"\xc3(\"]]}"))
	if err != nil || r.URI != "/\xff" || r.Headers[0].Value != "\xc3(" {
		t.Errorf("%+v %v", r, err)
	}
}
