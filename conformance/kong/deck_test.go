package kong

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// TestDeck: decK takes the example kong.yml, and the one of deploy/compose. Its
// schema check needs a Kong; this one needs none.
func TestDeck(t *testing.T) {
	deck := process.Installed(t, "deck")
	root, err := process.Root()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"plugins/kong/examples/kong.yml", "deploy/compose/kong/kong.yml"} {
		data, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		// Debian's knows formats up to 1.1; what is used here means the same in both.
		data = bytes.Replace(data, []byte(`"3.0"`), []byte(`"1.1"`), 1)
		if out, err := validate(deck, data); err != nil {
			t.Errorf("%s: %v\n%s", file, err, out)
		}
		if out, err := validate(deck, bytes.Replace(data, []byte("plugins:"), []byte("plugin:"), 1)); err == nil {
			t.Errorf("%s: a typing error is not noticed: %s", file, out)
		}
	}
}

func validate(deck string, data []byte) ([]byte, error) {
	cmd := exec.Command(deck, "validate", "--state", "-")
	cmd.Stdin = bytes.NewReader(data)
	return cmd.CombinedOutput()
}
