// Package models reads, writes and checks model files: raw tables in the format
// of FORMAT.md, and archives (.tgz) that carry the tables together with a
// manifest, the licence and golden verdicts.
//
// An archive is untrusted input: it is read with fixed limits, holds exactly
// four regular files, and every byte of them is covered by a checksum.
package models

// The files of an archive, in the order in which Pack writes them.
const (
	ManifestName = "manifest.json"
	TablesName   = "tables.bin"
	LicenseName  = "LICENSE"
	GoldenName   = "golden.jsonl"
)

// The bounds on a model file, in bytes. What exceeds one is refused before it
// is held in memory.
const (
	// MaxTables bounds the tables.
	MaxTables = 8 << 20
	// MaxManifest bounds the manifest.
	MaxManifest = 1 << 20
	// MaxLicense bounds the licence.
	MaxLicense = 1 << 20
	// MaxGolden bounds the golden verdicts.
	MaxGolden = 4 << 20
	// MaxFile bounds the file on disk, packed.
	MaxFile = 16 << 20
	// MaxUnpacked bounds the tar stream as a whole, padding included.
	MaxUnpacked = 64 << 20
	// MaxRatio bounds the tar stream by the packed size, beyond the first MiB.
	MaxRatio = 100
)

// maxSize returns the bound of an archive's file; ok is false for a name that
// has no place in an archive.
func maxSize(name string) (n int64, ok bool) {
	switch name {
	case ManifestName:
		return MaxManifest, true
	case TablesName:
		return MaxTables, true
	case LicenseName:
		return MaxLicense, true
	case GoldenName:
		return MaxGolden, true
	}
	return 0, false
}
