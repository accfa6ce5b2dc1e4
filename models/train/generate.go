package train

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/models/gen"
)

// AddGenerated adds the generated samples to the set. Their files are called
// gen_attack and gen_benign and their sources by their groups; they are always
// trained on and never measured on.
func AddGenerated(set *Set, samples []gen.Sample) error {
	x := core.NewExtractor(core.Config{})
	for i := range samples {
		r := record(&samples[i], i)
		if err := set.Add(x, r); err != nil {
			return fmt.Errorf("add generated sample %d: %w", i, err)
		}
	}
	return nil
}

// record wraps a sample into a request that carries it where it belongs. The
// request has no headers but those the sample needs, so that nothing but the
// sample is learned from it.
func record(s *gen.Sample, i int) *Record {
	r := &Record{ID: fmt.Sprintf("%s-%d", s.Group, i), Source: "gen:" + s.Group, Label: "attack", Category: s.Family,
		Payload: s.Value, Method: "GET", URI: "/", File: "gen_attack"}
	if s.Benign {
		r.Label, r.File = "benign", "gen_benign"
	}
	loc, name, _ := strings.Cut(s.Location, ":")
	switch loc {
	case "pair":
		n, v, _ := strings.Cut(s.Value, "=")
		r.URI = "/?" + url.QueryEscape(n) + "=" + url.QueryEscape(v)
	case "name":
		r.URI = "/?" + url.QueryEscape(s.Value) + "=1"
	case "path":
		p := strings.ReplaceAll(url.PathEscape(s.Value), "%2F", "/")
		r.URI = "/" + strings.TrimPrefix(p, "/")
	case "header":
		if name == "" {
			name = "X-Value"
		}
		r.Headers = [][2]string{{name, s.Value}}
	case "cookie":
		r.Headers = [][2]string{{"Cookie", "v=" + s.Value}}
	case "json", "xml", "body":
		r.body(s.Value, "")
	case "multipart":
		r.part("upload.bin", s.Value)
	case "filename":
		r.part(s.Value, "x")
	default:
		r.parameter(s.Value, i)
	}
	return r
}

// parameter spreads plain values over query, form and JSON.
func (r *Record) parameter(value string, i int) {
	switch i % 4 {
	case 0:
		text, err := json.Marshal(map[string]string{"v": value})
		if err == nil && json.Valid(text) && strings.ToValidUTF8(value, "") == value {
			r.body(string(text), "application/json")
			return
		}
		fallthrough
	case 1:
		r.body("v="+url.QueryEscape(value), "application/x-www-form-urlencoded")
	default:
		r.URI = "/?v=" + url.QueryEscape(value)
	}
}

func (r *Record) body(text, contentType string) {
	r.Method = "POST"
	r.Body = base64.StdEncoding.EncodeToString([]byte(text))
	if contentType != "" {
		r.Headers = [][2]string{{"Content-Type", contentType}}
	}
}

func (r *Record) part(filename, content string) {
	const boundary = "----glacis7d91c0"
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "%0D", "\n", "%0A").Replace(filename)
	r.body("--"+boundary+"\r\nContent-Disposition: form-data; name=\"f\"; filename=\""+quoted+"\"\r\n\r\n"+
		content+"\r\n--"+boundary+"--\r\n", "multipart/form-data; boundary="+boundary)
}
