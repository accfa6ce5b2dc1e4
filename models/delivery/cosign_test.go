package delivery_test

import (
	"bytes"
	"crypto/elliptic"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
)

// TestCosign has signatures of ECDSA keys taken or refused for the same reasons
// as minisign's.
func TestCosign(t *testing.T) {
	signer, stranger := deliverytest.NewCosignSigner(t, elliptic.P256()), deliverytest.NewCosignSigner(t, elliptic.P256())
	small := deliverytest.NewSigner(t)
	archive, other := deliverytest.Archive(t, "2.0.0"), deliverytest.Archive(t, "2.0.1")
	good := signer.Sign(t, archive)
	half := len(good) / 2
	wrapped := []byte(string(good[:half]) + "\r\n" + string(good[half:]) + "\n\n")
	zeros := []byte("MAYCAQACAQA=\n") // r = s = 0
	ecdsa := []string{signer.Public(t)}
	both := []string{small.String(), stranger.Public(t), signer.Public(t)}
	for _, c := range []struct {
		name      string
		signature []byte
		keys      []string
		allow     bool
		want      string // of the error
	}{
		{"signed", good, ecdsa, false, ""},
		{"one of several keys", good, both, false, ""},
		{"in lines", wrapped, ecdsa, false, ""},
		{"minisign beside it", small.Sign(archive), both, false, ""},
		{"stranger", stranger.Sign(t, archive), ecdsa, true, "does not match"},
		{"other archive", signer.Sign(t, other), ecdsa, true, "does not match"},
		{"zeros", zeros, ecdsa, true, "does not match"},
		{"minisign keys only", good, []string{small.String()}, true, "only minisign keys are trusted"},
		{"ECDSA keys only", small.Sign(archive), ecdsa, true, "which is not trusted"},
		{"no keys", good, nil, false, "no key is trusted"},
		{"no keys, allowed", good, nil, true, ""},
		{"raw DER", []byte("\x30\x06\x02\x01\x01\x02\x01\x01"), ecdsa, true, "neither minisign's nor cosign's format"},
		{"base64 of something else", []byte("aGVsbG8="), ecdsa, true, "neither minisign's nor cosign's format"},
		{"long", bytes.Repeat([]byte("MAYC"), 2000), ecdsa, true, "more than 4096 bytes"},
	} {
		trust := &delivery.Trust{AllowUnsigned: c.allow}
		for _, key := range c.keys {
			if err := trust.Add(key); err != nil {
				t.Fatal(err)
			}
		}
		m, err := trust.Open(&delivery.Package{Archive: archive, Signature: c.signature, Origin: "here", Local: true})
		switch {
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)), c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want == "" && len(c.keys) > 0 && !strings.HasPrefix(c.name, "minisign") && m.Signer != delivery.CosignKeyID(&signer.PublicKey):
			t.Errorf("%s: signer %q", c.name, m.Signer)
		}
	}
	if _, err := delivery.SignCosign(signer.PrivateKey, archive[:1000]); err == nil {
		t.Error("half an archive was signed")
	}
}

// TestCosignKeys reads public keys from where they may be, and no others.
func TestCosignKeys(t *testing.T) {
	a, b := deliverytest.NewCosignSigner(t, elliptic.P256()), deliverytest.NewCosignSigner(t, elliptic.P256())
	large, small := deliverytest.NewCosignSigner(t, elliptic.P384()), deliverytest.NewSigner(t)
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	mixed := write("mixed.pub", "# ours\n"+a.Public(t)+small.String()+"\n"+strings.ReplaceAll(b.Public(t), "\n", "\r\n"))
	write("again.pub", a.Public(t))
	cut := strings.Split(a.Public(t), "\n")
	for _, c := range []struct {
		where, want string
		keys        int
	}{
		{a.Public(t), "", 1},
		{mixed, "", 3},
		{dir, "", 3},
		{large.Public(t), "model key: line 1: a public key of another kind than ECDSA on P-256", 0},
		{write("cut", "\n"+strings.Join(cut[:2], "\n")), "cut: line 2: a PEM block that is damaged", 0},
		{write("cert", strings.ReplaceAll(a.Public(t), "PUBLIC KEY", "CERTIFICATE")), `a PEM block "CERTIFICATE", want "PUBLIC KEY"`, 0},
		{write("junk", "-----BEGIN PUBLIC KEY-----\naGVsbG8=\n-----END PUBLIC KEY-----\n"), "without a public key", 0},
	} {
		var trust delivery.Trust
		err := trust.Add(c.where)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%.60q: %v", c.where, err)
		}
		if got := trust.Keys(); len(got) != c.keys {
			t.Errorf("%.60q: %q", c.where, got)
		}
	}
	var many delivery.Trust
	for i := range 65 {
		err := many.Add(deliverytest.NewCosignSigner(t, elliptic.P256()).Public(t))
		if (err != nil) != (i == 64) {
			t.Fatal(i, err)
		}
	}
}

// TestCosignPlaces follows the signature file beside the archive, into the store
// and out of it.
func TestCosignPlaces(t *testing.T) {
	signer := deliverytest.NewCosignSigner(t, elliptic.P256())
	trust := &delivery.Trust{}
	if err := trust.Add(signer.Public(t)); err != nil {
		t.Fatal(err)
	}
	path, store := filepath.Join(t.TempDir(), "model.tgz"), delivery.OpenStore(t.TempDir())
	signer.Write(t, path, deliverytest.Archive(t, "2.0.0"))
	h := delivery.NewHolder(trust, func(*delivery.Model) error { return nil })
	if err := h.Point(t.Context(), delivery.File(path)); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Install(h.Current()); err != nil {
		t.Fatal(err)
	}
	if err := h.Point(t.Context(), store); err != nil || h.Status().Signer != delivery.CosignKeyID(&signer.PublicKey) {
		t.Error(h.Status(), err)
	}
	// one of minisign's counts first: it is wrong, whatever the other says
	deliverytest.Replace(t, path+delivery.SignatureSuffix, deliverytest.NewSigner(t).Sign(h.Current().Archive))
	if err := h.Point(t.Context(), delivery.File(path)); err == nil || !strings.Contains(err.Error(), "is not trusted") {
		t.Error(err)
	}
}

// TestCosignWithOpenSSL exchanges keys and signatures with another program.
func TestCosignWithOpenSSL(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed: apt-get install openssl")
	}
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	do := func(args ...string) string {
		t.Helper()
		out, err := exec.Command(openssl, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("openssl %q: %v\n%s", args, err, out)
		}
		return string(out)
	}
	archive := deliverytest.Archive(t, "2.0.0")
	deliverytest.Replace(t, file("model.tgz"), archive)
	do("ecparam", "-name", "prime256v1", "-genkey", "-out", file("sec1.key"))
	do("pkcs8", "-topk8", "-nocrypt", "-in", file("sec1.key"), "-out", file("pkcs8.key"))
	do("pkey", "-in", file("sec1.key"), "-pubout", "-out", file("release.pub"))
	do("dgst", "-sha256", "-sign", file("sec1.key"), "-out", file("der"), file("model.tgz"))
	do("base64", "-in", file("der"), "-out", file("model.tgz.sig"))
	trust := &delivery.Trust{}
	if err := trust.Add(file("release.pub")); err != nil {
		t.Fatal(err)
	}
	p, err := delivery.ReadFile(file("model.tgz"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trust.Open(p); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"sec1.key", "pkcs8.key"} {
		text, err := os.ReadFile(file(name))
		if err != nil {
			t.Fatal(err)
		}
		key, err := delivery.ParseCosignKey(text, "")
		if err != nil {
			t.Fatal(err)
		}
		signature, err := delivery.SignCosign(key, archive)
		if err != nil {
			t.Fatal(err)
		}
		deliverytest.Replace(t, file("ours"), append(signature, '\n'))
		do("base64", "-d", "-A", "-in", file("ours"), "-out", file("ours.der"))
		if out := do("dgst", "-sha256", "-verify", file("release.pub"), "-signature", file("ours.der"), file("model.tgz")); !strings.Contains(out, "Verified OK") {
			t.Errorf("%s: %s", name, out)
		}
	}
}
