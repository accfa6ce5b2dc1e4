package models

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// strict decodes one JSON document into v. Unknown keys, keys given twice
// (whatever their case: encoding/json takes either) and anything that follows
// the document are errors, so that no two readers see different contents.
func strict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		if errors.Is(err, io.EOF) {
			return errors.New("no JSON document")
		}
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON document")
	}
	return duplicates(data)
}

// object is an open object or array of the walk in duplicates.
type object struct {
	keys map[string]bool // nil in an array
	key  bool            // the next string is a key
}

// duplicates reports the first key that an object has twice. data is valid
// JSON, whose nesting encoding/json limits.
func duplicates(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	var open []object
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		n := len(open) - 1
		if name, ok := t.(string); ok && n >= 0 && open[n].key {
			fold := strings.ToLower(name)
			if open[n].keys[fold] {
				return fmt.Errorf("key %q occurs twice", name)
			}
			open[n].keys[fold] = true
			open[n].key = false
			continue
		}
		switch t {
		case json.Delim('{'):
			open = append(open, object{keys: map[string]bool{}, key: true})
			continue
		case json.Delim('['):
			open = append(open, object{})
			continue
		case json.Delim('}'), json.Delim(']'):
			open = open[:n]
			n--
		}
		// a value has ended: in an object a key follows
		if n >= 0 && open[n].keys != nil {
			open[n].key = true
		}
	}
}
