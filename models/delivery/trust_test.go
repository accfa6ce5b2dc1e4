package delivery_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/glacis-waf/glacis/models/delivery"
	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
)

// TestKeys reads keys from where they may be.
func TestKeys(t *testing.T) {
	a, b := deliverytest.NewSigner(t), deliverytest.NewSigner(t)
	dir := t.TempDir()
	text := func(s *deliverytest.Signer) string {
		out, err := s.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	both := write("both[1].pub", "# ours\n"+text(a)+"\n\n"+text(b)+"\n")
	write("notes.txt", "not a key")
	bad := write("bad.key", "untrusted comment: x\nRWQnonsense\n")
	empty := write("empty.key", "# nothing\n")
	for _, c := range []struct {
		where, want string
		keys        int
	}{
		{a.String(), "", 1},
		{both, "", 2},
		{dir, "", 2},
		{bad, bad + ": line 2: neither a minisign public key nor PEM", 0},
		{empty, "no key in it", 0},
		{"RWQnonsense", `"RWQnonsense": neither a public key nor a file`, 0},
	} {
		var trust delivery.Trust
		err := trust.Add(c.where)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", c.where, err)
		}
		if got := trust.Keys(); len(got) != c.keys {
			t.Errorf("%s: %q", c.where, got)
		}
	}
	pipe := filepath.Join(dir, "pipe.key")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	var trust delivery.Trust
	if err := trust.Add(pipe); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Error(err)
	}
	// what is known already is no error, nor are places without keys
	if err := errors.Join(trust.Add(a.String()), trust.Add(both), trust.Add(both), trust.AddIfThere(filepath.Join(dir, "nowhere")), trust.AddIfThere(t.TempDir())); err != nil || len(trust.Keys()) != 2 {
		t.Error(err, trust.Keys())
	}
}
