package decode

import "testing"

// FuzzXML: chunked reading gives what whole reading gives, and no word of the
// input is in no field.
func FuzzXML(f *testing.F) {
	f.Add([]byte("<?xml?><!DOCTYPE a [<!ENTITY % b \"c\"> %b; <![IGNORE[ ]]>]><a b='c' d=e f><![CDATA[x]]>&b;<!-- g --></a>"), uint16(0))
	f.Add([]byte("a < b </c d=\"e"), uint16(1100))
	f.Fuzz(func(t *testing.T, in []byte, pad uint16) {
		in = spread(in, int(pad))
		checkChunks(t, in, newXML)
		covered(t, in, append(drive(t, newXML(), in, 0), "CDATA"))
	})
}
