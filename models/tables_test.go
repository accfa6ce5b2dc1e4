package models

import (
	"bytes"
	"encoding/base64"
	"testing"

	"github.com/glacis-waf/glacis/models/basic"
)

func TestTables(t *testing.T) {
	raw, err := base64.StdEncoding.DecodeString(basic.Model)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	if err := Pack(&packed, &Contents{Tables: raw}); err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{raw, packed.Bytes()} {
		if got, err := Tables(data); err != nil || !bytes.Equal(got, raw) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	}
	if _, err := Tables(packed.Bytes()[:packed.Len()-9]); err == nil {
		t.Error("a torn archive has tables")
	}
}
