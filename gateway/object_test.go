package gateway

import (
	"errors"
	"testing"
)

// TestObject reads back what AppendMember and AppendCount wrote.
func TestObject(t *testing.T) {
	text := AppendCount(AppendMember(AppendMember([]byte(`{"v":{"a":[1,null]}`), "id", "a\"\n\xff"), "none", ""), "n", -7)
	got := ""
	err := Object(append(text, '}'), func(key, value string) error {
		got += key + "=" + value + ";"
		return nil
	})
	if want := "v={\"a\":[1,null]};id=a\"\n\ufffd;n=-7;"; err != nil || got != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
}

func TestObjectRefuses(t *testing.T) {
	texts := []string{`{`, `[]`, `{"a":1}x`, `{"a":}`}
	for i := 0; i < len(texts); i++ {
		if Object([]byte(texts[i]), func(_, _ string) error { return nil }) == nil {
			t.Errorf("%s was read", texts[i])
		}
	}
	stop := errors.New("stop")
	seen := 0
	if err := Object([]byte(`{"a":1,"b":2}`), func(_, _ string) error { seen++; return stop }); err != stop || seen != 1 {
		t.Errorf("%v after %d members", err, seen)
	}
}
