package policy

import "strconv"

// Decode reads the JSON form of a document. Unknown keys, wrong types and keys
// that occur twice are errors.
func Decode(in []byte) (*Document, error) {
	n, err := Parse(in)
	if err != nil {
		return nil, Problems{{Message: err.Error()}}
	}
	return FromNode(n)
}

// FromNode reads a document from what another reader parsed.
func FromNode(n *Node) (*Document, error) {
	if n.Kind != Object {
		return nil, Problems{{Message: "want a mapping"}}
	}
	d := &Document{}
	c := &codec{texts: n.texts}
	c.enter(n, "", d)
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return d, nil
}

// Encode returns the JSON form of a document: keys in the order of the
// declaration, nothing that is zero, no blanks. Equal documents give equal bytes.
func Encode(d *Document) []byte {
	c := &codec{out: []byte{'{'}}
	d.visit(c)
	return append(c.out, '}')
}

// Version returns the name of a document and the short hash of its content,
// "shop@1f0c5e9ab2d4": the same wherever and in whichever notation it was read.
func Version(d *Document) string {
	name := d.Name
	if name == "" {
		name = "policy"
	}
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a, 64 bits
	form := Encode(d)
	h := uint64(offset)
	for i := 0; i < len(form); i++ {
		h = (h ^ uint64(form[i])) * prime
	}
	digits := strconv.FormatUint(h, 16)
	for len(digits) < 16 {
		digits = "0" + digits
	}
	return name + "@" + digits[:12]
}
