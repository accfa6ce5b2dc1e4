package gateway

import "strings"

// KeepID says whether a client's request id is harmless in logs, headers and
// pages: 8 to 128 letters, digits, '.', '_' and '-'.
func KeepID(given string) bool {
	return len(given) >= 8 && len(given) <= 128 && strings.TrimLeft(given, idBytes) == ""
}

const idBytes = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-"

// HexID makes an id of random bytes, two digits for each. The caller brings
// them because not every host has good ones where others have them.
func HexID(random []byte) string {
	out := make([]byte, 0, 2*len(random))
	for i := 0; i < len(random); i++ {
		out = append(out, hexDigits[random[i]>>4], hexDigits[random[i]&15])
	}
	return string(out)
}
