package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// Case is a request and what is expected of it.
type Case struct {
	// Name of the case.
	Name string `yaml:"name"`
	// Request that is inspected.
	Request CaseRequest `yaml:"request"`
	// Expect is compared with the verdict; what is empty is not compared.
	Expect Expectation `yaml:"expect"`

	file string
	line int
}

// CaseRequest is the request of a case.
type CaseRequest struct {
	// Method (GET if empty), URI as on the wire, and the client's address.
	Method string `yaml:"method"`
	URI    string `yaml:"uri"`
	Source string `yaml:"source"`
	// Headers in their order; one name may occur several times.
	Headers yaml.Node `yaml:"headers"`
	// Body as transferred.
	Body string `yaml:"body"`
	// JSON is a body written as YAML; Content-Type is then application/json.
	JSON yaml.Node `yaml:"json"`
}

// Expectation is what a case expects.
type Expectation struct {
	// Action is pass, block or detect (would be blocked, but the mode lets it pass).
	Action string `yaml:"action"`
	// Asset, Mode, Reason, Family, Location and Confidence are as in events.
	Asset      string `yaml:"asset"`
	Mode       string `yaml:"mode"`
	Reason     string `yaml:"reason"`
	Family     string `yaml:"family"`
	Location   string `yaml:"location"`
	Confidence string `yaml:"confidence"`
	// Exceptions are the effects by id: applied, idle or expired.
	Exceptions map[string]string `yaml:"exceptions"`
}

// Place is where the case is written, "file:line".
func (c *Case) Place() string { return fmt.Sprintf("%s:%d", c.file, c.line) }

// TestFiles lists the files with the cases of a policy: policy.test.yaml beside
// policy.yaml, or those in its directory.
func TestFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("find test cases: %w", err)
	}
	if info.IsDir() {
		return filepath.Glob(filepath.Join(path, "*"+TestSuffix))
	}
	file := strings.TrimSuffix(path, filepath.Ext(path)) + TestSuffix
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return []string{file}, nil
}

// ReadCases reads a file with cases: a mapping with the key tests, a list. An
// unknown key is an error with its line.
func ReadCases(file string) ([]Case, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read test cases: %w", err)
	}
	var set struct {
		Tests []Case `yaml:"tests"`
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&set); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var root struct {
		Tests []yaml.Node `yaml:"tests"`
	}
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for i := range set.Tests {
		c := &set.Tests[i]
		c.file, c.line = file, root.Tests[i].Line
		if c.Name == "" || c.Request.URI == "" {
			return nil, fmt.Errorf("%s: name and request.uri are required", c.Place())
		}
		if !slices.Contains([]string{"", "pass", "block", "detect"}, c.Expect.Action) {
			return nil, fmt.Errorf("%s: action %q: want pass, block or detect", c.Place(), c.Expect.Action)
		}
	}
	return set.Tests, nil
}

// request makes the request of a case.
func (c *Case) request() (*core.Request, error) {
	q := &c.Request
	r := &core.Request{Method: q.Method, URI: q.URI, Source: q.Source, Body: []byte(q.Body)}
	if r.Method == "" {
		r.Method = "GET"
	}
	if q.Headers.Kind != 0 && q.Headers.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s: headers: want a mapping", c.Place())
	}
	typed := false
	for i := 0; i+1 < len(q.Headers.Content); i += 2 {
		name, value := q.Headers.Content[i].Value, q.Headers.Content[i+1]
		typed = typed || strings.EqualFold(name, "content-type")
		if value.Kind != yaml.SequenceNode {
			r.Headers = append(r.Headers, core.Header{Name: name, Value: value.Value})
			continue
		}
		for _, item := range value.Content {
			r.Headers = append(r.Headers, core.Header{Name: name, Value: item.Value})
		}
	}
	if q.JSON.Kind != 0 {
		var v any
		if err := q.JSON.Decode(&v); err != nil {
			return nil, fmt.Errorf("%s: json: %w", c.Place(), err)
		}
		body, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("%s: json: %w", c.Place(), err)
		}
		r.Body = body
		if !typed {
			r.Headers = append(r.Headers, core.Header{Name: "Content-Type", Value: "application/json"})
		}
	}
	return r, nil
}

// Run inspects the request of a case and returns what differs from what is
// expected, one difference a line; nothing if all is well.
func (c *Case) Run(e *core.Engine) ([]string, error) {
	r, err := c.request()
	if err != nil {
		return nil, err
	}
	v := e.Inspect(r)
	s := gateway.Settings{}.WithDefaults()
	var out []string
	compare := func(what, want, got string) {
		if want != "" && want != got {
			out = append(out, fmt.Sprintf("%s is %q, want %q", what, got, want))
		}
	}
	x := &c.Expect
	compare("action", x.Action, string(gateway.Decide(&s, &v, "")))
	compare("asset", x.Asset, v.Asset)
	compare("mode", x.Mode, v.Mode)
	compare("reason", x.Reason, v.Reason)
	compare("family", x.Family, v.Family.Name())
	compare("location", x.Location, v.Location)
	compare("confidence", x.Confidence, v.Confidence.Name())
	effects := map[string]string{}
	for _, m := range v.Exceptions {
		effects[m.ID] = m.Effect
	}
	for id, want := range x.Exceptions {
		if effects[id] != want {
			out = append(out, fmt.Sprintf("exception %q is %q, want %q", id, effects[id], want))
		}
	}
	if len(out) > 0 && v.Confidence > core.ConfidenceNone {
		out = append(out, fmt.Sprintf("the verdict is %s in %s: %q", v.Family.Name(), v.Location, v.Window))
	}
	return out, nil
}
