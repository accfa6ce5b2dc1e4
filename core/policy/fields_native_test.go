package policy

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// TestFields checks the lists of fields against the structs: a document with
// every field set survives both JSON forms alike.
func TestFields(t *testing.T) {
	var d Document
	n := 0
	fill(reflect.ValueOf(&d).Elem(), &n)
	form := Encode(&d)
	var std, own Document
	if err := json.Unmarshal(form, &std); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(d, std) {
		t.Errorf("Encode leaves something out:\n%s\n%s", form, must(json.Marshal(d)))
	}
	back, err := Decode(must(json.Marshal(d)))
	if err != nil {
		t.Fatal(err)
	}
	own = *back
	if !reflect.DeepEqual(d, own) {
		t.Errorf("Decode leaves something out: %+v", own)
	}
	t.Logf("%d fields", n)
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// fill sets every field to something of its own.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.String:
		v.SetString(fmt.Sprint("s", *n))
	case reflect.Int:
		v.SetInt(int64(*n))
	default:
		panic(v.Kind())
	}
}

// TestTags checks that the words in the tags are those that Compile takes.
func TestTags(t *testing.T) {
	f, _ := reflect.TypeOf(Exception{}).FieldByName("Families")
	if f.Tag.Get("oneof") != familyNames {
		t.Error("families")
	}
	f, _ = reflect.TypeOf(BodyLimit{}).FieldByName("Kinds")
	for _, kind := range strings.Fields(bodyNames) {
		if !strings.Contains(f.Tag.Get("oneof"), kind) {
			t.Error(kind)
		}
	}
}
