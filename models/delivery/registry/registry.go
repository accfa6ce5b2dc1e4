// Package registry keeps models in OCI registries.
//
// A model is an OCI 1.1 artifact with two layers, the archive and its signature,
// so that it can be mirrored like any image. Neither the registry nor its
// annotations are trusted: what is pulled is a delivery.Package.
package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/credentials"

	"github.com/glacis-waf/glacis/models"
	"github.com/glacis-waf/glacis/models/delivery"
)

// The media types of a model. Its signature is minisign's or cosign's.
const (
	ArtifactType        = "application/vnd.glacis.model.v1"
	ArchiveType         = "application/vnd.glacis.model.archive.v1.tar+gzip"
	SignatureType       = "application/vnd.glacis.model.signature.v1.minisig"
	CosignSignatureType = "application/vnd.glacis.model.signature.v1.cosign"
)

// Scheme begins the location of a model in a registry:
// oci://host[:port]/repository:tag, or …@sha256:digest.
const Scheme = "oci://"

// maxManifest bounds a manifest, in bytes.
const maxManifest = 64 << 10

// Options say how to speak with a registry.
type Options struct {
	// PlainHTTP speaks HTTP without TLS. It is implied for loopback addresses.
	PlainHTTP bool
	// UserAgent names the program.
	UserAgent string
}

// Client speaks with a registry about one model. It is safe for concurrent use.
type Client struct {
	repo *remote.Repository
	ref  string // tag or digest
}

// New makes a Client for a location. Credentials are those of docker login: the
// file config.json in DOCKER_CONFIG or ~/.docker, and its helpers.
func New(location string, o Options) (*Client, error) {
	name, ok := strings.CutPrefix(location, Scheme)
	if !ok {
		return nil, fmt.Errorf("registry: %q does not begin with %s", location, Scheme)
	}
	repo, err := remote.NewRepository(name)
	if err != nil {
		return nil, fmt.Errorf("registry: %q: %w", location, err)
	}
	if repo.Reference.Reference == "" {
		return nil, fmt.Errorf("registry: %q: give a tag (:name) or a digest (@sha256:…)", location)
	}
	store, err := credentials.NewStoreFromDocker(credentials.StoreOptions{})
	if err != nil {
		return nil, fmt.Errorf("registry: credentials: %w", err)
	}
	repo.PlainHTTP = o.PlainHTTP || loopback(repo.Reference.Host())
	repo.Client = &auth.Client{Client: &http.Client{Timeout: time.Minute}, Cache: auth.NewCache(), Credential: credentials.Credential(store),
		Header: http.Header{"User-Agent": {o.UserAgent}}}
	repo.MaxMetadataBytes = maxManifest
	return &Client{repo, repo.Reference.Reference}, nil
}

func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// String returns the location.
func (c *Client) String() string { return Scheme + c.repo.Reference.String() }

// Push uploads a signed package under the client's tag and returns the digest
// of the artifact. The package must be sound, see delivery.Trust.Open; the same
// package gives the same digest.
func (c *Client) Push(ctx context.Context, m *delivery.Model) (string, error) {
	fail := func(err error) (string, error) { return "", fmt.Errorf("push to %s: %w", c, err) }
	if len(m.Signature) == 0 {
		return fail(delivery.ErrUnsigned)
	}
	if c.repo.Reference.ValidateReferenceAsTag() != nil {
		return fail(errors.New("push to a tag, not to a digest"))
	}
	kind := SignatureType
	if delivery.SuffixOf(m.Signature) == delivery.CosignSuffix {
		kind = CosignSignatureType
	}
	var layers []ocispec.Descriptor
	for _, l := range []struct {
		kind string
		data []byte
	}{{ArchiveType, m.Archive}, {kind, m.Signature}} {
		d, err := oras.PushBytes(ctx, c.repo, l.kind, l.data)
		if err != nil {
			return fail(err)
		}
		layers = append(layers, d)
	}
	manifest := m.Report.Manifest
	d, err := oras.PackManifest(ctx, c.repo, oras.PackManifestVersion1_1, ArtifactType, oras.PackManifestOptions{Layers: layers,
		ManifestAnnotations: map[string]string{ocispec.AnnotationTitle: manifest.Name, ocispec.AnnotationVersion: manifest.Version,
			ocispec.AnnotationCreated: manifest.Created + "T00:00:00Z"}})
	if err == nil {
		err = c.repo.Tag(ctx, d, c.ref)
	}
	if err != nil {
		return fail(err)
	}
	return d.Digest.String(), nil
}

// Description is what a registry says about a model. Nothing of it is signed.
type Description struct {
	// Name, Version and Created (a day) are the annotations, "" if there are
	// none.
	Name, Version, Created string
	// Archive is the SHA-256 of the archive, 64 hexadecimal digits.
	Archive string
	// Digest is that of the artifact.
	Digest string

	archive, signature ocispec.Descriptor
}

// Describe fetches the manifest only.
func (c *Client) Describe(ctx context.Context) (*Description, error) {
	d, err := c.describe(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", c, err)
	}
	return d, nil
}

func (c *Client) describe(ctx context.Context) (*Description, error) {
	top, data, err := oras.FetchBytes(ctx, c.repo, c.ref, oras.FetchBytesOptions{MaxBytes: maxManifest})
	if err != nil {
		return nil, err
	}
	var m ocispec.Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	if m.ArtifactType != ArtifactType {
		return nil, fmt.Errorf("manifest: artifact type %q is not that of a model", m.ArtifactType)
	}
	if len(m.Layers) != 2 || m.Layers[0].MediaType != ArchiveType ||
		m.Layers[1].MediaType != SignatureType && m.Layers[1].MediaType != CosignSignatureType {
		return nil, errors.New("manifest: the layers are not an archive and its signature")
	}
	out := &Description{Name: m.Annotations[ocispec.AnnotationTitle], Version: m.Annotations[ocispec.AnnotationVersion],
		Digest: top.Digest.String(), archive: m.Layers[0], signature: m.Layers[1]}
	out.Created, _, _ = strings.Cut(m.Annotations[ocispec.AnnotationCreated], "T")
	for _, l := range []struct {
		ocispec.Descriptor
		most int64
	}{{out.archive, models.MaxFile}, {out.signature, delivery.MaxSignature}} {
		if l.Size <= 0 || l.Size > l.most {
			return nil, fmt.Errorf("manifest: layer of %d bytes, more than %d", l.Size, l.most)
		}
		if l.Digest.Validate() != nil || l.Digest.Algorithm() != digest.SHA256 {
			return nil, errors.New("manifest: layer without a SHA-256")
		}
	}
	out.Archive = out.archive.Digest.Encoded()
	return out, nil
}

// Pull fetches the package: at most models.MaxFile and delivery.MaxSignature
// bytes, whose digests the manifest gives.
func (c *Client) Pull(ctx context.Context) (*delivery.Package, error) {
	p, err := c.pull(ctx)
	if err != nil {
		return nil, fmt.Errorf("pull from %s: %w", c, err)
	}
	return p, nil
}

func (c *Client) pull(ctx context.Context) (*delivery.Package, error) {
	d, err := c.describe(ctx)
	if err != nil {
		return nil, err
	}
	p := &delivery.Package{Origin: c.String() + " " + d.Digest}
	if p.Signature, err = content.FetchAll(ctx, c.repo, d.signature); err != nil {
		return nil, fmt.Errorf("signature: %w", err)
	}
	if p.Archive, err = content.FetchAll(ctx, c.repo, d.archive); err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	return p, nil
}
