package message

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tidwall/gjson"

	"github.com/glacis-waf/glacis/core"
)

// JSON is a request in the corpus format:
//
//	{"method","uri","headers":[["Name","value"],…],"body" or "body_b64","trailers":[…],"truncated"}
type JSON struct {
	Head
	Body      []byte
	Trailers  []core.Header
	Truncated bool
}

// ParseJSON decodes the JSON form. encoding/json validates (its depth is
// limited), gjson extracts, because it keeps bytes that are not UTF-8 as they
// are. Members it does not know are ignored: records of the corpus have more.
func ParseJSON(data []byte) (JSON, error) {
	if !json.Valid(data) {
		return JSON{}, errors.New("not valid JSON")
	}
	doc := gjson.ParseBytes(data)
	if !doc.IsObject() {
		return JSON{}, errors.New("not a JSON object")
	}
	var r JSON
	var err error
	doc.ForEach(func(key, value gjson.Result) bool {
		if value.Type != gjson.Null {
			err = r.set(key.Str, value)
		}
		return err == nil
	})
	if err == nil && r.Method == "" {
		err = errors.New(`"method" is missing`)
	}
	if err == nil && r.URI == "" {
		err = errors.New(`"uri" is missing`)
	}
	return r, err
}

func (r *JSON) set(key string, value gjson.Result) (err error) {
	var text string
	switch key {
	case "headers":
		r.Headers, err = fields(key, value)
		return err
	case "trailers":
		r.Trailers, err = fields(key, value)
		return err
	case "truncated":
		r.Truncated = value.Bool()
		if !value.IsBool() {
			return errors.New(`"truncated" is not true or false`)
		}
		return nil
	case "method", "uri", "body", "body_b64":
		if value.Type != gjson.String {
			return fmt.Errorf("%q is not a string", key)
		}
		text = value.Str
	}
	switch key {
	case "method":
		r.Method = text
	case "uri":
		r.URI = text
	case "body":
		return r.setBody([]byte(text))
	case "body_b64":
		body, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return fmt.Errorf("body_b64: %w", err)
		}
		return r.setBody(body)
	}
	return nil
}

func (r *JSON) setBody(body []byte) error {
	if r.Body != nil {
		return errors.New(`only one of "body" and "body_b64" may be there`)
	}
	r.Body = body
	return nil
}

// fields decodes [["Name","value"],…].
func fields(key string, value gjson.Result) ([]core.Header, error) {
	wrong := fmt.Errorf(`%q is not an array of ["Name","value"]`, key)
	if !value.IsArray() {
		return nil, wrong
	}
	var out []core.Header
	for _, pair := range value.Array() {
		two := pair.Array()
		if !pair.IsArray() || len(two) != 2 || two[0].Type != gjson.String || two[1].Type != gjson.String {
			return nil, wrong
		}
		out = append(out, core.Header{Name: two[0].Str, Value: two[1].Str})
	}
	return out, nil
}
