package decode

import "testing"

func TestLooksBinary(t *testing.T) {
	var cases []wholeCase
	loadJSON(t, "binary.json", &cases)
	for i := range cases {
		if got := LooksBinary(latin1(cases[i].In)); got != cases[i].Looks {
			t.Errorf("%s: got %v", cases[i].Name, got)
		}
	}
}

// Latin-1 and UTF-8 text of any script is text, noise is not.
func TestLooksBinaryNoise(t *testing.T) {
	if LooksBinary([]byte("Привет, как дела? 你好，世界，你好")) {
		t.Error("UTF-8 taken for binary")
	}
	if LooksBinary(nil) {
		t.Error("nothing taken for binary")
	}
	if !LooksBinary(noise(600)) {
		t.Error("noise taken for text")
	}
}
