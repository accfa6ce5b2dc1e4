package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	_ "crypto/sha256" // go-digest looks it up
	"encoding/json"
	"fmt"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	v1 "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content/oci"
)

// pluginName is the name that the compat variant of the Wasm OCI image
// specification requires; Istio and Envoy Gateway look for it.
const pluginName = "plugin.wasm"

// write makes an image layout in dir with one image, tagged tag, and returns
// the digest of its manifest. The image is the "compat variant" of
// https://github.com/solo-io/wasm/blob/master/spec: an ordinary OCI image whose
// only layer, a gzipped tar, holds plugin.wasm. The same input gives the same
// bytes.
func write(ctx context.Context, dir, tag string, wasm []byte) (string, error) {
	if len(wasm) < 4 || string(wasm[:4]) != "\x00asm" {
		return "", fmt.Errorf("not a WebAssembly module")
	}
	store, err := oci.New(dir)
	if err != nil {
		return "", fmt.Errorf("make layout: %w", err)
	}
	plain, packed, err := layer(wasm)
	if err != nil {
		return "", err
	}
	config, err := json.Marshal(v1.Image{Platform: v1.Platform{Architecture: "wasm", OS: "wasip1"},
		RootFS: v1.RootFS{Type: "layers", DiffIDs: []digest.Digest{digest.FromBytes(plain)}}})
	if err != nil {
		return "", fmt.Errorf("write image configuration: %w", err)
	}
	push := func(mediaType string, content []byte) v1.Descriptor {
		d := v1.Descriptor{MediaType: mediaType, Digest: digest.FromBytes(content), Size: int64(len(content))}
		if err == nil {
			err = store.Push(ctx, d, bytes.NewReader(content))
		}
		return d
	}
	m := v1.Manifest{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: v1.MediaTypeImageManifest,
		Config: push(v1.MediaTypeImageConfig, config), Layers: []v1.Descriptor{push(v1.MediaTypeImageLayerGzip, packed)},
		Annotations: map[string]string{v1.AnnotationTitle: "glacis", v1.AnnotationVersion: tag, v1.AnnotationLicenses: "Apache-2.0"}}
	if err != nil {
		return "", fmt.Errorf("write layer: %w", err)
	}
	text, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("write manifest: %w", err)
	}
	d := push(v1.MediaTypeImageManifest, text)
	if err == nil {
		err = store.Tag(ctx, d, tag)
	}
	if err != nil {
		return "", fmt.Errorf("write manifest: %w", err)
	}
	return d.Digest.String(), nil
}

// layer returns a tar with the plugin in it, plain and gzipped.
func layer(wasm []byte) (plain, packed []byte, err error) {
	var tarred, zipped bytes.Buffer
	tw := tar.NewWriter(&tarred)
	err = tw.WriteHeader(&tar.Header{Name: pluginName, Mode: 0o644, Size: int64(len(wasm)), Format: tar.FormatUSTAR})
	if err == nil {
		_, err = tw.Write(wasm)
	}
	if err == nil {
		err = tw.Close()
	}
	zw, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression) // the level is a valid one
	if err == nil {
		_, err = zw.Write(tarred.Bytes())
	}
	if err == nil {
		err = zw.Close()
	}
	if err != nil {
		return nil, nil, fmt.Errorf("pack layer: %w", err)
	}
	return tarred.Bytes(), zipped.Bytes(), nil
}
