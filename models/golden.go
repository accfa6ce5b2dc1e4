package models

import (
	"bytes"
	_ "embed" // the golden requests
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/glacis-waf/glacis/core"
)

//go:embed testdata/golden_requests.jsonl
var goldenRequests []byte

// GoldenRequest is a request whose verdict is on record.
type GoldenRequest struct {
	ID string `json:"id"`
	// Note says what the request is there for.
	Note    string      `json:"note,omitempty"`
	Method  string      `json:"method"`
	URI     string      `json:"uri"`
	Headers [][2]string `json:"headers,omitempty"`
	Body    []byte      `json:"body_b64,omitempty"`
}

// Request converts the request for the engine.
func (g *GoldenRequest) Request() *core.Request {
	r := &core.Request{Method: g.Method, URI: g.URI, Body: g.Body}
	for _, h := range g.Headers {
		r.Headers = append(r.Headers, core.Header{Name: h[0], Value: h[1]})
	}
	return r
}

// Score is the part of a verdict that must be the same wherever a model runs.
type Score struct {
	ID string `json:"id"`
	// Score is 0 to 100, Confidence and Family are names.
	Score      int    `json:"score"`
	Confidence string `json:"confidence"`
	Family     string `json:"family"`
	// Location is where the strongest finding was, with its decode chain.
	Location string `json:"location"`
}

func (s *Score) fields() []string {
	return []string{s.ID, strconv.Itoa(s.Score), s.Confidence, s.Family, s.Location}
}

// goldenLine is one line of golden.jsonl.
type goldenLine struct {
	Request GoldenRequest `json:"request"`
	Verdict Score         `json:"verdict"`
}

// Requests returns the golden requests: about sixty of our own writing, over
// all locations, encodings and families, and honest ones.
func Requests() ([]GoldenRequest, error) {
	list, err := lines[GoldenRequest](goldenRequests)
	if err != nil {
		return nil, fmt.Errorf("golden requests: %w", err)
	}
	return list, nil
}

// Golden returns the scores that the engine gives the golden requests, in
// their order. Engines for golden scores have the default configuration but
// for the model: no decompressors are plugged in.
func Golden(e *core.Engine) ([]Score, error) {
	list, err := Requests()
	if err != nil {
		return nil, err
	}
	out := make([]Score, len(list))
	for i := range list {
		out[i] = score(e, &list[i])
	}
	return out, nil
}

func score(e *core.Engine, g *GoldenRequest) Score {
	v := e.Inspect(g.Request())
	return Score{ID: g.ID, Score: v.Score, Confidence: v.Confidence.Name(), Family: v.Family.Name(), Location: v.Location}
}

// encodeGolden writes golden.jsonl as that engine scores.
func encodeGolden(e *core.Engine) ([]byte, error) {
	list, err := Requests()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for i := range list {
		if err := enc.Encode(goldenLine{Request: list[i], Verdict: score(e, &list[i])}); err != nil {
			return nil, fmt.Errorf("%s: %w", GoldenName, err)
		}
	}
	return b.Bytes(), nil
}

// checkGolden compares an archive's verdicts with those of an engine and
// returns how many there are.
func checkGolden(e *core.Engine, data []byte) (int, error) {
	list, err := lines[goldenLine](data)
	if err != nil {
		return 0, err
	}
	for i := range list {
		x := &list[i]
		if have := score(e, &x.Request); have != x.Verdict {
			// quoted: the archive's text may end up on a terminal
			return 0, fmt.Errorf("line %d: this engine says %+q instead of %+q", i+1, have.fields(), x.Verdict.fields())
		}
	}
	return len(list), nil
}

// lines decodes strict JSON Lines; there must be one at least.
func lines[T any](data []byte) ([]T, error) {
	var out []T
	for n := 1; len(data) > 0; n++ {
		line, rest, _ := bytes.Cut(data, []byte{'\n'})
		data = rest
		var x T
		if err := strict(line, &x); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		out = append(out, x)
	}
	if len(out) == 0 {
		return nil, errors.New("empty")
	}
	return out, nil
}
