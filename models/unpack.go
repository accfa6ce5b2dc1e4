package models

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// unpack reads the files of an archive: exactly the four expected ones, each
// once and a plain regular file, within the bounds of this package. Errors name
// the file.
func unpack(packed []byte) (map[string][]byte, error) {
	src := bytes.NewReader(packed)
	z, err := gzip.NewReader(src)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	z.Multistream(false)
	budget := &budget{r: z, left: min(MaxUnpacked, MaxRatio*int64(len(packed))+1<<20)}
	files, err := untar(budget)
	if err != nil {
		return nil, err
	}
	// the rest of the stream is padding; reading it checks the gzip checksum
	if err := onlyZeros(budget); err != nil {
		return nil, err
	}
	if src.Len() > 0 {
		return nil, fmt.Errorf("gzip: %d bytes follow the archive", src.Len())
	}
	for _, name := range []string{ManifestName, TablesName, LicenseName, GoldenName} {
		if files[name] == nil {
			return nil, fmt.Errorf("%s: missing in the archive", name)
		}
	}
	return files, nil
}

func untar(r io.Reader) (map[string][]byte, error) {
	files := map[string][]byte{}
	for t := tar.NewReader(r); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, fmt.Errorf("tar: %w", err)
		}
		limit, expected := maxSize(h.Name)
		switch {
		case !expected:
			return nil, fmt.Errorf("%q: has no place in a model archive", h.Name)
		case h.Typeflag != tar.TypeReg || h.Linkname != "":
			return nil, fmt.Errorf("%s: not a regular file", h.Name)
		case len(h.PAXRecords) > 0:
			return nil, fmt.Errorf("%s: extended tar headers", h.Name)
		case files[h.Name] != nil:
			return nil, fmt.Errorf("%s: twice in the archive", h.Name)
		case h.Size > limit:
			return nil, fmt.Errorf("%s: %d bytes, more than %d", h.Name, h.Size, limit)
		case h.Size == 0:
			return nil, fmt.Errorf("%s: empty", h.Name)
		}
		data := make([]byte, h.Size)
		if _, err := io.ReadFull(t, data); err != nil {
			return nil, fmt.Errorf("%s: %w", h.Name, err)
		}
		files[h.Name] = data
	}
}

// onlyZeros reads to the end and refuses anything but zero bytes.
func onlyZeros(r io.Reader) error {
	var buf [4096]byte
	for {
		n, err := r.Read(buf[:])
		for _, b := range buf[:n] {
			if b != 0 {
				return errors.New("tar: something follows the end of the archive")
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("gzip: %w", err)
		}
	}
}

var errBudget = errors.New("the archive unpacks to more than it may")

// budget fails when more is read than the archive may unpack to.
type budget struct {
	r    io.Reader
	left int64
}

// Read implements io.Reader.
func (b *budget) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errBudget
	}
	return n, err
}
