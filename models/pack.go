package models

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	_ "embed" // the licence
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
)

// License is the text of the licence under which the models of this repository
// are published (Apache-2.0).
//
//go:embed LICENSE
var License string

// Contents is what goes into an archive.
type Contents struct {
	// Tables is a model in the format of FORMAT.md; name, version, type and
	// day of the manifest are taken from it.
	Tables []byte
	// License is the licence of the model; empty means License.
	License string
	Summary Summary
	// MinimumEngineVersion is the lowest engine that may load the model; empty
	// means core.Version.
	MinimumEngineVersion string
}

// Pack writes an archive with golden verdicts by this engine. The same contents
// give the same bytes: times, owners and order are fixed. What Verify would
// refuse is an error, and nothing is written then.
func Pack(w io.Writer, c *Contents) error {
	m, err := model.Load(c.Tables)
	if err != nil {
		return fmt.Errorf("pack model: %w", err)
	}
	e, err := core.New(core.Config{Model: m})
	if err != nil {
		return fmt.Errorf("pack model: %w", err)
	}
	golden, err := encodeGolden(e)
	if err != nil {
		return fmt.Errorf("pack model: %w", err)
	}
	license := []byte(c.License)
	if len(license) == 0 {
		license = []byte(License)
	}
	minimum := c.MinimumEngineVersion
	if minimum == "" {
		minimum = core.Version
	}
	manifest, err := encode(&Manifest{Name: strings.TrimSuffix(m.Name(), " "+m.Version()), Version: m.Version(),
		Type: m.Kind(), Created: m.Created(), MinimumEngineVersion: minimum, Summary: c.Summary,
		Files: map[string]string{TablesName: digest(c.Tables), LicenseName: digest(license), GoldenName: digest(golden)}})
	if err != nil {
		return fmt.Errorf("pack model: %w", err)
	}
	data, err := write([]entry{{ManifestName, manifest}, {TablesName, c.Tables}, {LicenseName, license}, {GoldenName, golden}})
	if err != nil {
		return fmt.Errorf("pack model: %w", err)
	}
	a, err := read(data)
	if err == nil {
		_, err = a.verify()
	}
	if err != nil {
		return fmt.Errorf("pack model: %w", err)
	}
	_, err = w.Write(data)
	return err
}

// entry is a file of an archive to be written.
type entry struct {
	name string
	data []byte
}

// write makes a .tgz of the entries in their order: USTAR headers, mode 0644,
// owner 0, time 0; a gzip header without name and time.
func write(entries []entry) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	t := tar.NewWriter(z)
	for _, x := range entries {
		h := &tar.Header{Name: x.name, Mode: 0o644, Size: int64(len(x.data)), Typeflag: tar.TypeReg,
			ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}
		if err := t.WriteHeader(h); err != nil {
			return nil, fmt.Errorf("%s: %w", x.name, err)
		}
		if _, err := t.Write(x.data); err != nil {
			return nil, fmt.Errorf("%s: %w", x.name, err)
		}
	}
	if err := t.Close(); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
