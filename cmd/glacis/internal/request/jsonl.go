package request

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/glacis-waf/glacis/core"
	"github.com/tidwall/gjson"
)

// splitLines yields one frame a line and skips blank lines.
func splitLines(l *lineReader) iter.Seq[Frame] {
	return func(yield func(Frame) bool) {
		for {
			line, err := l.next()
			switch {
			case err == io.EOF:
				return
			case err == ErrTooLong:
				if !yield(Frame{Line: l.number, Err: err}) {
					return
				}
			case err != nil:
				yield(Frame{Line: l.number + 1, Err: err})
				return
			default:
				line = trimEnd(line)
				if len(bytes.TrimSpace(line)) > 0 && !yield(Frame{Line: l.number, Data: bytes.Clone(line)}) {
					return
				}
			}
		}
	}
}

// decodeJSONL decodes a line of the corpus format. encoding/json validates
// (its depth is limited), gjson extracts, because it keeps bytes that are not
// UTF-8 as they are. Members it does not know are ignored.
func decodeJSONL(data []byte, dst []Request) ([]Request, error) {
	if !json.Valid(data) {
		return dst, errors.New("not valid JSON")
	}
	doc := gjson.ParseBytes(data)
	if !doc.IsObject() {
		return dst, errors.New("not a JSON object")
	}
	var r Request
	var err error
	doc.ForEach(func(key, value gjson.Result) bool {
		err = r.setMember(key.Str, value)
		return err == nil
	})
	switch {
	case err != nil:
		return dst, err
	case r.HTTP.Method == "":
		return dst, errors.New(`"method" is missing`)
	case r.HTTP.URI == "":
		return dst, errors.New(`"uri" is missing`)
	}
	return append(dst, r), nil
}

func (r *Request) setMember(key string, value gjson.Result) error {
	var field *string
	switch key {
	case "id":
		r.ID = value.String() // numbers are ids too
		return nil
	case "headers":
		return r.setHeaders(value)
	case "body_b64":
		return r.setBody(value)
	case "weak":
		r.Weak = value.Bool()
		return nil
	case "method":
		field = &r.HTTP.Method
	case "uri":
		field = &r.HTTP.URI
	case "source":
		field = &r.Source
	case "label":
		field = &r.Label
	case "category":
		field = &r.Category
	case "kind":
		field = &r.Kind
	case "payload":
		field = &r.Payload
	default:
		return nil
	}
	if value.Type == gjson.Null {
		return nil
	}
	if value.Type != gjson.String {
		return fmt.Errorf("%q is not a string", key)
	}
	*field = value.Str
	return nil
}

func (r *Request) setHeaders(value gjson.Result) error {
	if value.Type == gjson.Null {
		return nil
	}
	if !value.IsArray() {
		return errors.New(`"headers" is not an array`)
	}
	ok := true
	value.ForEach(func(_, pair gjson.Result) bool {
		if !pair.IsArray() {
			ok = false
			return false
		}
		var h core.Header
		n := 0
		pair.ForEach(func(_, s gjson.Result) bool {
			switch {
			case s.Type != gjson.String:
				ok = false
			case n == 0:
				h.Name = s.Str
			case n == 1:
				h.Value = s.Str
			}
			n++
			return ok
		})
		ok = ok && n == 2
		r.HTTP.Headers = append(r.HTTP.Headers, h)
		return ok
	})
	if !ok {
		return errors.New(`"headers" is not an array of ["Name","value"]`)
	}
	return nil
}

func (r *Request) setBody(value gjson.Result) error {
	if value.Type == gjson.Null {
		return nil
	}
	if value.Type != gjson.String {
		return errors.New(`"body_b64" is not a string`)
	}
	body, err := base64.StdEncoding.DecodeString(value.Str)
	if err != nil {
		return fmt.Errorf("body_b64: %w", err)
	}
	r.HTTP.Body = body
	return nil
}
