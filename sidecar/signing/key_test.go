package signing

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestSignAndVerify(t *testing.T) {
	path := filepath.Join(t.TempDir(), "signing.key")
	k, err := LoadKey(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
	again, err := LoadKey(path)
	if err != nil {
		t.Fatal(err)
	}
	sig := again.Sign([]byte("profile"))
	public, err := ParsePublicKey(k.Public().String() + "\n")
	if err != nil {
		t.Fatal(err)
	}
	if err := public.Verify([]byte("profile"), sig); err != nil || sig != k.Sign([]byte("profile")) {
		t.Error(err, sig)
	}
	if err := public.VerifyModel([]byte("tables"), k.SignModel([]byte("tables"))); err != nil {
		t.Error(err)
	}
	other, err := LoadKey(filepath.Join(t.TempDir(), "k"))
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"other data": public.Verify([]byte("Profile"), sig), "other key": other.Public().Verify([]byte("profile"), sig),
		"nothing": public.Verify([]byte("profile"), ""), "cut": public.Verify([]byte("profile"), sig[:len(sig)-8]),
		"of a model": public.Verify([]byte("profile"), k.SignModel([]byte("profile"))), "no model": public.VerifyModel([]byte("profile"), sig),
		"no key": PublicKey{}.Verify([]byte("profile"), sig), "no base64": public.Verify([]byte("profile"), "x:!!"),
	} {
		if !errors.Is(err, ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeyFiles(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "k")
	if _, err := LoadKey(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKey(path); err == nil || !strings.Contains(err.Error(), "others may read it") {
		t.Error(err)
	}
	torn := filepath.Join(dir, "torn")
	if err := os.WriteFile(torn, []byte("-----BEGIN GLACIS"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKey(torn); err == nil || !strings.Contains(err.Error(), "not a key file") {
		t.Error(err)
	}
	if _, err := LoadKey(filepath.Join(dir, "none", "k")); err == nil {
		t.Error("no folder, no error")
	}
	for _, text := range []string{"", "glacis-ed25519:", "glacis-ed25519:AAAA", "ed25519:AAAA"} {
		if _, err := ParsePublicKey(text); err == nil {
			t.Errorf("%q is a key", text)
		}
	}
}

// Whoever makes the key first, all have the same.
func TestKeyIsMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k")
	var wg sync.WaitGroup
	keys := make([]string, 8)
	for i := range keys {
		wg.Go(func() {
			k, err := LoadKey(path)
			if err != nil {
				t.Error(err)
				return
			}
			keys[i] = k.Public().String()
		})
	}
	wg.Wait()
	for _, k := range keys {
		if k != keys[0] {
			t.Fatal(keys)
		}
	}
}
