package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
	"github.com/glacis-waf/glacis/models/delivery/registry/registrytest"
)

// at makes a machine of its own: nothing of this one's well-known paths,
// environment or credentials counts.
func at(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	for name, value := range map[string]string{delivery.EnvRoot: root, delivery.EnvModel: "", delivery.EnvKey: "", delivery.EnvStore: "", delivery.EnvUnsigned: "", "DOCKER_CONFIG": t.TempDir()} {
		t.Setenv(name, value)
	}
	return root
}

// glacis runs a command that must succeed.
func glacis(t *testing.T, args ...string) string {
	t.Helper()
	status, stdout, stderr := call("", args...)
	if status != exitOK {
		t.Fatalf("%q: status %d: %s", args, status, stderr)
	}
	return stdout
}

// refused runs a command that must fail and say why.
func refused(t *testing.T, want string, args ...string) {
	t.Helper()
	status, stdout, stderr := call("", args...)
	if status != exitUsage || !strings.Contains(stderr, want) {
		t.Errorf("%q: status %d: %s%s, want %q", args, status, stdout, stderr, want)
	}
}

// TestModelLife makes keys, signs, pushes, pulls, installs, lists, rolls back.
func TestModelLife(t *testing.T) {
	at(t)
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	glacis(t, "model", "keygen", "--out", file("release"), "--no-password") // TestModelSign has one
	refused(t, "file exists", "model", "keygen", "--out", file("release"), "--no-password")
	pub := file("release.pub")
	for version, name := range map[string]string{"1.5.0": "a.tgz", "1.6.0": "b.tgz"} {
		deliverytest.Replace(t, file(name), deliverytest.Archive(t, version))
		glacis(t, "model", "sign", "--key", file("release.key"), file(name))
	}
	if out := glacis(t, "model", "verify", "--model-key", pub, file("a.tgz")); !strings.HasPrefix(out, "signed by ") || !strings.Contains(out, "ok: ") {
		t.Error(out)
	}
	if out := glacis(t, "model", "list"); out != "no model is installed\n" {
		t.Error(out)
	}
	refused(t, "no model is installed", "model", "rollback")
	refused(t, "no key is trusted", "model", "install", file("a.tgz"))
	glacis(t, "model", "install", "--model-key", pub, file("a.tgz"))

	r := registrytest.New(t)
	where := "oci://" + r.Host + "/waf/model:stable"
	refused(t, "no key is trusted", "model", "push", file("b.tgz"), where)
	digest := strings.TrimSpace(glacis(t, "model", "push", "--model-key", pub, file("b.tgz"), where))
	if !strings.HasPrefix(digest, "sha256:") {
		t.Error(digest)
	}
	refused(t, "no key is trusted", "model", "pull", where, "--model-unsigned")
	if out := glacis(t, "model", "pull", where, "--model-key", pub); !strings.HasPrefix(out, "basic-1.6.0-") {
		t.Error(out)
	}
	glacis(t, "model", "pull", "oci://"+r.Host+"/waf/model@"+digest, "--model-key", pub, "--out", file("carried.tgz"))
	glacis(t, "model", "verify", "--model-key", pub, file("carried.tgz"))
	refused(t, "is older than basic 1.6.0", "model", "install", "--model-key", pub, file("a.tgz"))

	var list []delivery.Version
	if err := json.Unmarshal([]byte(glacis(t, "model", "list", "--json")), &list); err != nil || len(list) != 2 || !list[0].Current || !strings.HasPrefix(list[0].Origin, where+" sha256:") {
		t.Errorf("%+v %v", list, err)
	}
	if out := glacis(t, "model", "list"); !strings.HasPrefix(out, "* basic-1.6.0-") || !strings.Contains(out, "\n< basic-1.5.0-") {
		t.Error(out)
	}
	refused(t, "no key is trusted", "model", "rollback")
	if out := glacis(t, "model", "rollback", "--model-key", pub); !strings.HasPrefix(out, "basic-1.5.0-") {
		t.Error(out)
	}
	glacis(t, "model", "install", "--model-key", pub, file("b.tgz"))
	glacis(t, "model", "install", "--model-key", pub, "--allow-older", file("a.tgz"))
}

// TestModelRefused has what install must not take.
func TestModelRefused(t *testing.T) {
	root := at(t)
	dir := t.TempDir()
	signer, stranger := deliverytest.NewSigner(t), deliverytest.NewSigner(t)
	deliverytest.Replace(t, filepath.Join(root, delivery.WellKnownKeys, "release.pub"), []byte(signer.String()+"\n"))
	good := filepath.Join(dir, "good.tgz")
	signer.Write(t, good, deliverytest.Archive(t, "1.5.0"))
	glacis(t, "model", "install", good) // by the keys in the well-known path
	for name, write := range map[string]func(path string){
		"not signed":         func(path string) { deliverytest.Replace(t, path, deliverytest.Archive(t, "1.6.0")) },
		"is not trusted":     func(path string) { stranger.Write(t, path, deliverytest.Archive(t, "1.6.0")) },
		"model " + dir:       func(path string) { signer.Write(t, path, []byte("\x1f\x8b no archive")) },
		"manifest.json: mis": func(path string) { signer.Write(t, path, emptyArchive) },
	} {
		path := filepath.Join(dir, "bad.tgz")
		_ = os.Remove(path + delivery.SignatureSuffix)
		write(path)
		refused(t, name, "model", "install", path)
	}
	if out := glacis(t, "model", "list"); strings.Count(out, "\n") != 1 || !strings.HasPrefix(out, "* basic-1.5.0-") {
		t.Error(out)
	}
	plain := filepath.Join(dir, "plain.tgz")
	deliverytest.Replace(t, plain, deliverytest.Archive(t, "1.7.0"))
	if out := glacis(t, "model", "install", "--model-unsigned", plain); !strings.Contains(out, "(not signed)") {
		t.Error(out)
	}
}

// emptyArchive is an archive without files: gzip of a tar's end.
var emptyArchive = []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\x63\x60\x18\x05\xa3\x60\x14\x8c\x54\x00\x00\x2e\xaf\xb5\xef\x00\x04\x00\x00")
