// Package country says in which country addresses are, by a database in
// MaxMind's format (MMDB) that the operator gives: GeoLite2-Country,
// GeoIP2-City, or those of others in the same form. Glacis comes without one and
// loads none.
package country

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/oschwald/maxminddb-golang/v2"
)

// Unknown stands for public addresses that the database does not know.
const Unknown = "XX"

// maxBytes bounds a database; the largest of the usual ones have 130 MB.
const maxBytes = 512 << 20

// Database knows the countries of addresses. It is safe for concurrent use, and
// its file may be replaced meanwhile. All of it is in memory: a file that is
// mapped and then written to would end the process.
type Database struct {
	path    string
	reader  atomic.Pointer[maxminddb.Reader]
	mu      sync.Mutex // reloads one at a time
	seen    stamp
	content [sha256.Size]byte
}

// stamp is by what a file that changed is recognized.
type stamp struct {
	size int64
	at   time.Time
}

// Open reads and checks a database.
func Open(path string) (*Database, error) {
	d := &Database{path: path}
	if _, err := d.Check(); err != nil {
		return nil, err
	}
	return d, nil
}

// Check reads the file again if it changed, and says whether it did. A file that
// is no good leaves the old content in force; it is not looked at again until it
// changes.
func (d *Database) Check() (changed bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	info, err := os.Stat(d.path)
	if err != nil {
		return false, fmt.Errorf("read database of countries: %w", err)
	}
	now := stamp{info.Size(), info.ModTime()}
	if now == d.seen {
		return false, nil
	}
	d.seen = now
	data, err := read(d.path)
	if err != nil {
		return true, fmt.Errorf("read database of countries: %w", err)
	}
	sum := sha256.Sum256(data)
	if d.reader.Load() != nil && sum == d.content {
		return false, nil
	}
	r, err := parse(data)
	if err != nil {
		return true, fmt.Errorf("read database of countries %s: %w", d.path, err)
	}
	d.content = sum
	d.reader.Store(r)
	return true, nil
}

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(io.LimitReader(f, maxBytes+1)); err != nil {
		return nil, err
	}
	if b.Len() > maxBytes {
		return nil, errors.New("longer than 512 MiB")
	}
	return b.Bytes(), nil
}

// parse opens a database and walks through all of it once: one that was cut off
// must not be noticed by a request.
func parse(data []byte) (*maxminddb.Reader, error) {
	r, err := maxminddb.OpenBytes(data)
	if err != nil {
		return nil, err
	}
	known := 0
	for result := range r.Networks() {
		if err := result.Err(); err != nil {
			return nil, err
		}
		if known == 0 && codeOf(result) != "" {
			known++
		}
	}
	if known == 0 {
		return nil, errors.New("has no countries (country.iso_code)")
	}
	return r, nil
}

// Country returns the ISO 3166 code of an address, Unknown for a public one that
// the database does not know, and "" for one that is not public.
func (d *Database) Country(a netip.Addr) string {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return ""
	}
	if code := codeOf(d.reader.Load().Lookup(a)); code != "" {
		return code
	}
	return Unknown
}

// codeOf is the country that an address is in, or, where that is not known, the
// one that it is registered in.
func codeOf(r maxminddb.Result) string {
	for _, key := range []string{"country", "registered_country"} {
		var code string
		if err := r.DecodePath(&code, key, "iso_code"); err == nil && len(code) == 2 {
			return code
		}
	}
	return ""
}
