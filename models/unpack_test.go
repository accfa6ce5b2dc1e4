package models

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

// TestSpoiledFiles changes one file of an archive at a time: the error names
// it and says why.
func TestSpoiledFiles(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(list []entry) []entry
		want  string
	}{
		{"nothing", func(l []entry) []entry { return l }, ""},
		{"order", func(l []entry) []entry { return []entry{l[3], l[2], l[1], l[0]} }, ""},
		{"missing", func(l []entry) []entry { return l[:3] }, "golden.jsonl: missing"},
		{"twice", func(l []entry) []entry { return append(l, l[2]) }, "LICENSE: twice"},
		{"alien", func(l []entry) []entry { return append(l, entry{"README", []byte("x")}) }, `"README": has no place`},
		{"traversal", func(l []entry) []entry { return append(l, entry{"../tables.bin", []byte("x")}) }, `"../tables.bin": has no place`},
		{"absolute", func(l []entry) []entry { l[2].name = "/LICENSE"; return l }, `"/LICENSE": has no place`},
		{"dot", func(l []entry) []entry { l[2].name = "./LICENSE"; return l }, `"./LICENSE": has no place`},
		{"empty", func(l []entry) []entry { l[2].data = nil; return l }, "LICENSE: empty"},
		{"large", func(l []entry) []entry { l[2].data = noise(MaxLicense + 1); return l }, "LICENSE: 1048577 bytes"},
		{"licence", func(l []entry) []entry { l[2].data = []byte("mine"); return l }, "LICENSE: SHA-256 is "},
		{"golden", func(l []entry) []entry { l[3].data = l[3].data[:90]; return l }, "golden.jsonl: SHA-256 is "},
		{"tables", func(l []entry) []entry { l[1].data[5000] ^= 1; return l }, "tables.bin: SHA-256 is "},
		{"format", func(l []entry) []entry { return sealed(l, 1, func(b []byte) []byte { b[5000] ^= 1; return b }) }, "tables.bin: bad model: checksum"},
		{"verdict", func(l []entry) []entry {
			return sealed(l, 3, func(b []byte) []byte { return bytes.Replace(b, []byte(`"score":`), []byte(`"score":1`), 1) })
		}, "golden.jsonl: line 1: this engine says"},
		{"no checksum", replace("golden.jsonl", "golden.json"), "manifest.json: no checksum for golden.jsonl"},
		{"more checksums", replace(`"files": {`, `"files": {"x": "y",`), "manifest.json: lists files"},
		{"name", replace(`"name": "basic"`, `"name": "other"`), "tables.bin: says \"basic"},
		{"type", replace(`"type": "basic"`, `"type": "advanced"`), "tables.bin: says \"basic"},
		{"type unknown", replace(`"type": "basic"`, `"type": "large"`), `manifest.json: type "large"`},
		{"no name", replace(`"name": "basic"`, `"name": ""`), `manifest.json: no name`},
		{"no version", replace(`"version": "`, `"version": "","x": "`), `manifest.json: json: unknown field "x"`},
		{"created", replace(`"created": "2`, `"created": "x2`), `manifest.json: created: "x2`},
		{"engine", replace(`"minimum_engine_version": "`, `"minimum_engine_version": "9`), "manifest.json: the model needs engine 9"},
		{"key", replace(`"seed"`, `"sead"`), "manifest.json: json: unknown field"},
		{"syntax", replace(`{`, `[`), "manifest.json: "},
		{"source", replace(`"label": "attack"`, `"label": "good"`), `manifest.json: training: source "own"`},
	} {
		data, err := write(c.spoil(entries(t)))
		if err != nil {
			t.Fatal(err)
		}
		path := file(t, data)
		_, err = Verify(path)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), path+": "+c.want)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// replace edits the manifest.
func replace(old, new string) func([]entry) []entry {
	return func(l []entry) []entry {
		l[0].data = bytes.Replace(l[0].data, []byte(old), []byte(new), 1)
		return l
	}
}

// sealed changes file n and its checksum in the manifest.
func sealed(l []entry, n int, change func([]byte) []byte) []entry {
	old := digest(l[n].data)
	l[n].data = change(l[n].data)
	return replace(old, digest(l[n].data))(l)
}

// noise returns n bytes that do not compress.
func noise(n int) []byte {
	b, x := make([]byte, n), uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223 // Numerical Recipes, 7.1
		b[i] = byte(x >> 24)
	}
	return b
}

// archived makes a .tgz by calling fill, then adding tail to the tar stream.
func archived(t *testing.T, tail []byte, fill func(*tar.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	fill(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(tail); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestOddEntries checks what is no plain file, and the borders of the stream.
func TestOddEntries(t *testing.T) {
	add := func(w *tar.Writer, h tar.Header, data []byte) {
		h.Size = int64(len(data))
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	one := func(h tar.Header, data []byte) []byte {
		return archived(t, nil, func(w *tar.Writer) { add(w, h, data) })
	}
	all := func(w *tar.Writer) {
		for _, x := range entries(t) {
			add(w, tar.Header{Name: x.name}, x.data)
		}
	}
	good := archived(t, make([]byte, 8<<10), all)
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"padding", good, ""},
		{"symbolic link", one(tar.Header{Name: LicenseName, Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}, nil), "LICENSE: not a regular file"},
		{"hard link", one(tar.Header{Name: TablesName, Typeflag: tar.TypeLink, Linkname: LicenseName}, nil), "tables.bin: not a regular file"},
		{"directory", one(tar.Header{Name: LicenseName, Typeflag: tar.TypeDir}, nil), "LICENSE: not a regular file"},
		{"device", one(tar.Header{Name: LicenseName, Typeflag: tar.TypeChar}, nil), "LICENSE: not a regular file"},
		{"pax", one(tar.Header{Name: LicenseName, PAXRecords: map[string]string{"GLACIS.x": "y"}}, []byte("x")), "LICENSE: extended"},
		{"no archive", archived(t, nil, func(*tar.Writer) {}), "manifest.json: missing"},
		{"tail in the tar", archived(t, append(make([]byte, 4096), 'x'), all), "tar: something follows"},
		{"tail after gzip", append(append([]byte(nil), good...), 'x'), "gzip: 1 bytes follow"},
		{"second member", append(append([]byte(nil), good...), good...), "gzip: "},
		{"gzip checksum", func() []byte { b := append([]byte(nil), good...); b[len(b)-6] ^= 1; return b }(), "gzip: "},
		{"truncated", good[:len(good)/2], "unexpected EOF"},
		{"header only", good[:10], "EOF"},
		{"no deflate", []byte{0x1f, 0x8b, 0, 0}, "gzip: "},
		{"bomb", one(tar.Header{Name: TablesName}, make([]byte, MaxTables)), "unpacks to more"},
		{"bomb behind", archived(t, make([]byte, MaxUnpacked+1), func(*tar.Writer) {}), "unpacks to more"},
	} {
		_, err := unpack(c.data)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// FuzzRead checks that no file makes the reader panic, and that what it takes
// for a model comes with a model, within its bounds.
func FuzzRead(f *testing.F) {
	f.Add(pack(f))
	f.Add(tables(f)[:300])
	f.Add([]byte{0x1f, 0x8b, 8})
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := read(data)
		if err == nil && (a.model == nil || len(a.files[TablesName]) == 0 || len(a.files[TablesName]) > MaxTables) {
			t.Errorf("%d bytes are read as %+v", len(data), a)
		}
	})
}

// FuzzManifest checks that a manifest that is read can be written and read
// again with the same contents.
func FuzzManifest(f *testing.F) {
	f.Add(entries(f)[0].data)
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ParseManifest(data)
		if err != nil {
			return
		}
		out, err := encode(m)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseManifest(out)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if second, _ := encode(again); !bytes.Equal(out, second) {
			t.Errorf("%s\n%s", out, second)
		}
	})
}
