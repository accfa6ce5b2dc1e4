package delivery_test

import (
	"bytes"
	"crypto/elliptic"
	"errors"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models"
	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
)

// TestOpen has every way in which a package can be unfit.
func TestOpen(t *testing.T) {
	signer, stranger := deliverytest.NewSigner(t), deliverytest.NewSigner(t)
	archive, other := deliverytest.Archive(t, "2.0.0"), deliverytest.Archive(t, "2.0.1")
	broken := bytes.Clone(archive)
	broken[len(broken)-20] ^= 1
	for _, c := range []struct {
		name               string
		archive, signature []byte
		keys, allow, local bool
		want               string // of the error
	}{
		{"signed", archive, signer.Sign(archive), true, false, false, ""},
		{"unsigned", archive, nil, true, false, true, "not signed"},
		{"unsigned, no keys", archive, nil, false, false, true, "not signed"},
		{"unsigned, allowed", archive, nil, true, true, true, ""},
		{"unsigned, allowed, from elsewhere", archive, nil, true, true, false, "not signed"},
		{"no keys", archive, signer.Sign(archive), false, false, true, "no key is trusted"},
		{"no keys, allowed", archive, signer.Sign(archive), false, true, true, ""},
		{"no keys, allowed, from elsewhere", archive, signer.Sign(archive), false, true, false, "no key is trusted"},
		{"stranger", archive, stranger.Sign(archive), true, true, true, "which is not trusted"},
		{"other archive", archive, signer.Sign(other), true, true, true, "does not match"},
		{"changed archive", broken, signer.Sign(archive), true, true, true, "does not match"},
		{"broken, signed", broken, signer.Sign(broken), true, false, false, "tar: "},
		{"no signature", archive, []byte("hello"), true, true, true, "neither minisign's nor cosign's format"},
		{"long signature", archive, make([]byte, delivery.MaxSignature+1), true, true, true, "more than 4096 bytes"},
		{"long", make([]byte, models.MaxFile+1), nil, true, true, true, "more than 16777216 bytes"},
		{"tables", []byte("GLACISM1"), signer.Sign([]byte("GLACISM1")), true, false, true, "bad model"},
	} {
		trust := &delivery.Trust{}
		if c.keys {
			trust = signer.Trust(t)
		}
		trust.AllowUnsigned = c.allow
		m, err := trust.Open(&delivery.Package{Archive: c.archive, Signature: c.signature, Origin: "here", Local: c.local})
		if c.want != "" {
			if err == nil || !strings.HasPrefix(err.Error(), "model here: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if err != nil || m.Report.Model != "basic 2.0.0" || m.Tables.Name() != "basic 2.0.0" || m.Report.Golden == 0 || (m.Signer != "") != (c.keys && c.signature != nil) {
			t.Errorf("%s: %+v, %v", c.name, m, err)
		}
	}
}

// TestSign signs what is sound only, and says in the signed comment what it is.
func TestSign(t *testing.T) {
	signer := deliverytest.NewSigner(t)
	archive := deliverytest.Archive(t, "2.0.0")
	signature, err := delivery.Sign(signer.Private, archive)
	if err != nil {
		t.Fatal(err)
	}
	if id, err := signer.Trust(t).Verify(archive, signature); err != nil || id != delivery.KeyID(signer.ID()) {
		t.Error(id, err)
	}
	if !strings.Contains(string(signature), `trusted comment: model "basic 2.0.0" created `) {
		t.Errorf("%s", signature)
	}
	if _, err := delivery.Sign(signer.Private, archive[:1000]); err == nil {
		t.Error("half an archive was signed")
	}
}

// FuzzVerify checks that no signature text makes the parser panic, and that
// none but ours verifies.
func FuzzVerify(f *testing.F) {
	signer := deliverytest.NewSigner(f)
	archive := []byte("archive")
	good := signer.Sign(archive)
	trust := signer.Trust(f)
	f.Add(good)
	f.Add([]byte("MAYCAQECAQE="))
	cosign := deliverytest.NewCosignSigner(f, elliptic.P256())
	if err := trust.Add(cosign.Public(f)); err != nil {
		f.Fatal(err)
	}
	ours := cosign.Sign(f, archive)
	f.Add(ours)
	f.Add([]byte("untrusted comment: x\nRUQ=\ntrusted comment: y\nAA==\n"))
	f.Fuzz(func(t *testing.T, signature []byte) {
		_, err := trust.Verify(archive, signature)
		same := strings.Join(strings.Fields(string(signature)), "") == strings.TrimSpace(string(ours))
		if err == nil && !same && !bytes.Contains(signature, []byte("trusted comment: ")) {
			t.Errorf("%q verifies", signature)
		}
		if len(signature) > 0 && errors.Is(err, delivery.ErrUnsigned) {
			t.Errorf("%q counts as none", signature)
		}
	})
}
