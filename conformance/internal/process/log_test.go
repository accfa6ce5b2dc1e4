package process

import "testing"

func TestLogLimit(t *testing.T) {
	l := Log{Limit: 5}
	for _, text := range []string{"abc", "def", "ghi"} {
		if n, err := l.Write([]byte(text)); n != 3 || err != nil {
			t.Errorf("write: %d, %v", n, err)
		}
	}
	if l.String() != "abcde" {
		t.Errorf("kept %q", l.String())
	}
}

func TestLogLine(t *testing.T) {
	var l Log
	_, _ = l.Write([]byte("one\ntwo here\ntwo there\n")) // never fails
	if got := l.Line("two"); got != "two here" {
		t.Errorf("%q", got)
	}
	if got := l.Line("three"); got != "" {
		t.Errorf("%q", got)
	}
	if got := l.Await(t, "there"); got != "two there" {
		t.Errorf("%q", got)
	}
}
