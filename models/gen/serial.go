package gen

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"
)

// The encoders here write the byte layout of object streams around the class
// names and strings they are given, separated by blanks (the last word of pickle
// and java may hold blanks itself, written as "~"). The streams begin as real
// ones do and carry the class names that matter; they are not working exploits.

func parts(s string) []string {
	w := strings.Fields(s)
	for i := range w {
		w[i] = strings.ReplaceAll(w[i], "~", " ")
	}
	return w
}

// pickle writes a Python pickle, protocol 2 to 4, that calls a function:
// "module name argument" (PEP 3154, pickletools).
func pickle(r *rand.Rand, s string) string {
	w := parts(s)
	if len(w) < 3 {
		return s
	}
	var b []byte
	switch proto := 2 + r.IntN(3); proto {
	case 4:
		short := func(t string) []byte { return append([]byte{0x8c, byte(len(t))}, t...) }
		body := append(append(append(short(w[0]), 0x94), short(w[1])...), 0x94, 0x93, 0x94)
		body = append(append(body, short(w[2])...), 0x94, 0x85, 0x94, 'R', 0x94, '.')
		b = append([]byte{0x80, 4, 0x95}, binary.LittleEndian.AppendUint64(nil, uint64(len(body)))...)
		b = append(b, body...)
	default:
		b = append([]byte{0x80, byte(proto), 'c'}, w[0]+"\n"+w[1]+"\n"...)
		b = append(b, 'q', 0, 'X')
		b = binary.LittleEndian.AppendUint32(b, uint32(len(w[2])))
		b = append(append(b, w[2]...), 'q', 1, 0x85, 'q', 2, 'R', 'q', 3, '.')
	}
	return string(b)
}

// javaObject writes a Java object stream (Java Object Serialization
// Specification, section 6): the classes nested, the last word as a string.
func javaObject(r *rand.Rand, s string) string {
	w := parts(s)
	b := []byte{0xac, 0xed, 0, 5}
	str := func(t string) { b = append(binary.BigEndian.AppendUint16(b, uint16(len(t))), t...) }
	for i, t := range w {
		if i == len(w)-1 && i > 0 {
			b = append(b, 't')
			str(t)
			break
		}
		b = append(b, 's', 'r')
		str(t)
		b = binary.BigEndian.AppendUint64(b, r.Uint64())
		b = append(b, 2+byte(r.IntN(2)), 0, 1, 'L')
		str([]string{"val", "key", "map", "iMethodName", "comparator", "memberValues"}[r.IntN(6)])
		b = append(b, 't')
		str([]string{"Ljava/lang/Object;", "Ljava/util/Map;", "Ljava/lang/String;", "Ljava/util/Comparator;"}[r.IntN(4)])
		b = append(b, 'x', 'p')
	}
	return string(append(b, 'x'))
}

// rubyMarshal writes Ruby's Marshal format 4.8: an object of the first class
// with an instance variable that holds the second, and so on.
func rubyMarshal(_ *rand.Rand, s string) string {
	w := parts(s)
	b := []byte{4, 8}
	for i, t := range w {
		if i == len(w)-1 && i > 0 {
			b = append(append(b, 'I', '"', byte(len(t)+5)), t...)
			b = append(b, 6, ':', 6, 'E', 'T')
			break
		}
		b = append(append(b, 'o', ':', byte(len(t)+5)), t...)
		b = append(b, 6, ':', 10, '@', 'n', 'a', 'm', 'e')
	}
	return string(b)
}

// binaryFormatter writes the header, a library and a class record of .NET's
// remoting format (MS-NRBF, section 2.3).
func binaryFormatter(r *rand.Rand, s string) string {
	w := parts(s)
	b := []byte{0, 1, 0, 0, 0, 255, 255, 255, 255, 1, 0, 0, 0, 0, 0, 0, 0}
	for i, t := range w {
		kind := byte(0x0c)
		if i > 0 {
			kind = 5
		}
		b = append(b, kind, byte(2+i), 0, 0, 0, byte(len(t)))
		b = append(b, t...)
		if kind == 5 {
			b = append(b, byte(1+r.IntN(3)), 0, 0, 0)
		}
	}
	return string(append(b, 11))
}

// losFormatter wraps binaryFormatter as an ASP.NET view state does.
func losFormatter(r *rand.Rand, s string) string {
	b := binaryFormatter(r, s)
	return string([]byte{0xff, 1, 0x32, byte(len(b)), byte(len(b) >> 7)}) + b
}
