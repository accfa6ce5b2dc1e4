package main

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"os"
	"testing"

	v1 "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/content/memory"
	"oras.land/oras-go/v2/content/oci"
)

const module = "\x00asm\x01\x00\x00\x00 and what a module holds"

// TestWrite copies the image out of the layout as a registry would get it, and
// unpacks it as Istio does.
func TestWrite(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	digest, err := write(ctx, dir, "1.2.3", []byte(module))
	if err != nil {
		t.Fatal(err)
	}
	store, err := oci.NewFromFS(ctx, os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	registry := memory.New()
	d, err := oras.Copy(ctx, store, "1.2.3", registry, "latest", oras.DefaultCopyOptions)
	if err != nil || d.Digest.String() != digest || d.MediaType != v1.MediaTypeImageManifest {
		t.Fatalf("%v, %v", d, err)
	}
	text, err := content.FetchAll(ctx, registry, d)
	if err != nil {
		t.Fatal(err)
	}
	var m v1.Manifest
	if err := json.Unmarshal(text, &m); err != nil || len(m.Layers) != 1 {
		t.Fatalf("%s: %v", text, err)
	}
	layer, err := registry.Fetch(ctx, m.Layers[0])
	if err != nil {
		t.Fatal(err)
	}
	defer layer.Close()
	zr, err := gzip.NewReader(layer)
	if err != nil {
		t.Fatal(err)
	}
	tr := tar.NewReader(zr)
	h, err := tr.Next()
	if err != nil || h.Name != "plugin.wasm" {
		t.Fatalf("%v, %v", h, err)
	}
	if got, err := io.ReadAll(tr); err != nil || string(got) != module {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := tr.Next(); err != io.EOF {
		t.Errorf("a second file: %v", err)
	}
}

func TestWriteIsReproducible(t *testing.T) {
	a, err := write(context.Background(), t.TempDir(), "1", []byte(module))
	if err != nil {
		t.Fatal(err)
	}
	b, err := write(context.Background(), t.TempDir(), "1", []byte(module))
	if err != nil || a != b {
		t.Errorf("%s and %s, %v", a, b, err)
	}
}

func TestWriteRefuses(t *testing.T) {
	if _, err := write(context.Background(), t.TempDir(), "1", []byte("MZ")); err == nil {
		t.Error("something that is no module was packed")
	}
}
