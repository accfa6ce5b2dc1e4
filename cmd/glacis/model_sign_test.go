package main

import (
	"crypto/elliptic"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
	"github.com/glacis-waf/glacis/models/delivery/registry/registrytest"
)

// TestModelSign makes keys and signs, and has the ways in which that may fail. A
// password costs a gigabyte and seconds of scrypt (RFC 7914) every time, so it
// is used twice only.
func TestModelSign(t *testing.T) {
	at(t)
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	put(t, file("password"), "right\r\n")
	put(t, file("empty"), "\nsecond line\n")
	put(t, file("broken.tgz"), "\x1f\x8b")
	deliverytest.Replace(t, file("model.tgz"), deliverytest.Archive(t, "1.5.0"))
	glacis(t, "model", "keygen", "--out", file("locked"), "--password-file", file("password"))
	glacis(t, "model", "keygen", "--out", file("plain"), "--no-password")
	for _, name := range []string{"locked.key", "plain.key"} {
		if info, err := os.Stat(file(name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Error(name, info.Mode(), err)
		}
	}
	refused(t, "either --password-file or --no-password", "model", "keygen", "--out", file("x"))
	refused(t, "either --password-file or --no-password", "model", "keygen", "--out", file("x"), "--no-password", "--password-file", file("password"))
	refused(t, "first line is empty", "model", "keygen", "--out", file("x"), "--password-file", file("empty"))
	for want, args := range map[string][]string{
		"give --key":                   {file("model.tgz")},
		"is encrypted":                 {"--key", file("locked.key"), file("model.tgz")},
		"neither a minisign nor a PEM": {"--key", file("plain.pub"), file("model.tgz")},
		"sign model: gzip":             {"--key", file("plain.key"), file("broken.tgz")},
		"no such file":                 {"--key", file("plain.key"), file("none.tgz")},
		"--key: open " + file("none"):  {"--key", file("none"), file("model.tgz")},
	} {
		refused(t, want, append([]string{"model", "sign"}, args...)...)
	}
	if _, err := os.Stat(file("model.tgz.minisig")); err == nil {
		t.Error("a signature came of it")
	}
	glacis(t, "model", "sign", "--key", file("plain.key"), file("model.tgz"))
	glacis(t, "model", "verify", "--model-key", file("plain.pub"), file("model.tgz"))
	refused(t, "which is not trusted", "model", "verify", "--model-key", file("locked.pub"), file("model.tgz"))
	glacis(t, "model", "sign", "--key", file("locked.key"), "--password-file", file("password"), file("model.tgz"))
	glacis(t, "model", "verify", "--model-key", file("locked.pub"), file("model.tgz"))
}

// TestModelSignCosign signs with a key of cosign's and has the signature travel
// as minisign's does.
func TestModelSignCosign(t *testing.T) {
	at(t)
	dir, keys := t.TempDir(), "../../models/delivery/testdata/"
	file := func(name string) string { return filepath.Join(dir, name) }
	put(t, file("password"), "horse battery\n")
	put(t, file("wrong"), "donkey\n")
	deliverytest.Replace(t, file("model.tgz"), deliverytest.Archive(t, "1.5.0"))
	refused(t, "is encrypted: give --password-file", "model", "sign", "--key", keys+"cosign.key", file("model.tgz"))
	refused(t, "no password, or a wrong one", "model", "sign", "--key", keys+"cosign.key", "--password-file", file("wrong"), file("model.tgz"))
	refused(t, "neither a minisign nor a PEM", "model", "sign", "--key", keys+"cosign.pub", file("model.tgz"))
	if out := glacis(t, "model", "sign", "--key", keys+"cosign.key", "--password-file", file("password"), file("model.tgz")); !strings.Contains(out, "model.tgz.sig: signed by ecdsa-") {
		t.Error(out)
	}
	glacis(t, "model", "verify", "--model-key", keys+"cosign.pub", file("model.tgz"))
	other := deliverytest.NewCosignSigner(t, elliptic.P256())
	refused(t, "no trusted ECDSA key made it", "model", "verify", "--model-key", other.Public(t), file("model.tgz"))
	store := file("store")
	if out := glacis(t, "model", "install", "--store", store, "--model-key", keys+"cosign.pub", file("model.tgz")); !strings.Contains(out, "ecdsa-") {
		t.Error(out)
	}
	r := registrytest.New(t)
	where := "oci://" + r.Host + "/waf/model:stable"
	glacis(t, "model", "push", "--model-key", keys+"cosign.pub", file("model.tgz"), where)
	put(t, file("copy.tgz.minisig"), "of an earlier model\n")
	glacis(t, "model", "pull", "--model-key", keys+"cosign.pub", "--out", file("copy.tgz"), where)
	glacis(t, "model", "verify", "--model-key", keys+"cosign.pub", file("copy.tgz"))
}
