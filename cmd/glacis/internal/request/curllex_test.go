package request

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// TestShellWords runs testdata/shellwords.json, whose expectations were
// printed by bash: printf '<%s>' COMMAND.
func TestShellWords(t *testing.T) {
	data, err := os.ReadFile("testdata/shellwords.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Command, Rest string
		Words         []string
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		words, rest, err := shellWords(c.Command)
		if err != nil || !slices.Equal(words, c.Words) || rest != c.Rest {
			t.Errorf("%q: %q, rest %q, %v; want %q, rest %q", c.Command, words, rest, err, c.Words, c.Rest)
		}
	}
}

func TestUnclosed(t *testing.T) {
	for _, command := range []string{`a 'b`, `a "b`, `a $'b`, `a "b\"`, `a $'b\'`} {
		if _, _, err := shellWords(command); err != errUnclosed {
			t.Errorf("%q: %v", command, err)
		}
	}
}
