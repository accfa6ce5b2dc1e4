package decode

import "testing"

func TestASCIIClasses(t *testing.T) {
	if asciiClass['a']&asciiHex == 0 || asciiClass['g']&asciiHex != 0 {
		t.Error("hex digits")
	}
	if asciiClass['_']&asciiWord == 0 || asciiClass['-']&asciiWord != 0 {
		t.Error("word")
	}
	if asciiClass['\'']&asciiPlain != 0 || asciiClass[0x80] != 0 {
		t.Error("plain")
	}
	if asciiSpan([]byte("ab1-"), 0, asciiWord) != 3 {
		t.Error("span")
	}
	if !asciiFold([]byte("xCoNcat("), 1, "concat(") || asciiFold([]byte("conca"), 0, "concat") {
		t.Error("fold")
	}
	if n, e := asciiNumber([]byte("x42;"), 1); n != 42 || e != 3 {
		t.Error("number", n, e)
	}
	if n, _ := asciiNumber([]byte("99999999999999999999999"), 0); n < 1<<26 {
		t.Error("cap", n)
	}
	if string(asciiTrim([]byte(" \ta b\r\n"))) != "a b" {
		t.Error("trim")
	}
}
