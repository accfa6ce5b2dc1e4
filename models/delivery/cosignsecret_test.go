package delivery_test

import (
	"encoding/json"
	"encoding/pem"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
)

// password is that of testdata/cosign.key, which go-securesystemslib v0.9.1, the
// package that cosign encrypts its keys with, wrote for this test.
const password = "horse battery"

// TestCosignSecret reads an encrypted key and signs for the public one beside it.
func TestCosignSecret(t *testing.T) {
	text, err := os.ReadFile("testdata/cosign.key")
	if err != nil {
		t.Fatal(err)
	}
	if !delivery.IsCosignKey(text) || delivery.IsCosignKey([]byte("untrusted comment: x\n")) {
		t.Error("keys are mistaken for others")
	}
	key, err := delivery.ParseCosignKey(text, password)
	if err != nil {
		t.Fatal(err)
	}
	archive := deliverytest.Archive(t, "2.0.0")
	signature, err := delivery.SignCosign(key, archive)
	if err != nil {
		t.Fatal(err)
	}
	trust := &delivery.Trust{}
	if err := trust.Add("testdata/cosign.pub"); err != nil {
		t.Fatal(err)
	}
	if id, err := trust.Verify(archive, signature); err != nil || id != delivery.CosignKeyID(&key.PublicKey) || id != trust.Keys()[0] {
		t.Error(id, err)
	}
	for _, wrong := range []string{"", "horse"} {
		if _, err := delivery.ParseCosignKey(text, wrong); !errors.Is(err, delivery.ErrPassword) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

// TestCosignSecretBounds refuses what is no such key, and what would take too
// much memory or time to open.
func TestCosignSecretBounds(t *testing.T) {
	text, err := os.ReadFile("testdata/cosign.key")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	with := func(change func(kdf, params, cipher map[string]any)) []byte {
		var key map[string]any
		if err := json.Unmarshal(block.Bytes, &key); err != nil {
			t.Fatal(err)
		}
		kdf := key["kdf"].(map[string]any)
		change(kdf, kdf["params"].(map[string]any), key["cipher"].(map[string]any))
		out, err := json.Marshal(key)
		if err != nil {
			t.Fatal(err)
		}
		return pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: out})
	}
	params := func(n, r, p int) []byte {
		return with(func(_, params, _ map[string]any) { params["N"], params["r"], params["p"] = n, r, p })
	}
	for want, texts := range map[string][][]byte{
		"no PEM block": {nil, []byte("hello")},
		"want \"ENCRYPTED SIGSTORE PRIVATE KEY\"": {[]byte("-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----\n")},
		"without a private key":                   {[]byte("-----BEGIN PRIVATE KEY-----\naGVsbG8=\n-----END PRIVATE KEY-----\n")},
		"not in cosign's format":                  {pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: []byte("{")})},
		"of another kind than scrypt": {
			with(func(kdf, _, _ map[string]any) { kdf["name"] = "none" }),
			with(func(_, _, cipher map[string]any) { cipher["name"] = "none" }),
			with(func(_, _, cipher map[string]any) { cipher["nonce"] = "AAAA" }),
		},
		"asks too much": {params(1<<19, 8, 1), params(1<<40, 1, 1), params(1<<15, 1<<50, 1), params(1<<15, 8, 5), params(1<<15, 0, 1), params(-4, 8, 1)},
		"N must be":     {params(1000, 8, 1)},
	} {
		for _, text := range texts {
			if _, err := delivery.ParseCosignKey(text, password); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", want, err)
			}
		}
	}
}
