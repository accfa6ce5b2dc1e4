package console

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/gateway"
)

// Whatever the engine can say is explained, and nothing else.
func TestWordsAreComplete(t *testing.T) {
	for f := model.Family(1); f < model.Families; f++ {
		if families[f.Name()] == "" {
			t.Errorf("family %s", f.Name())
		}
	}
	if len(families) != int(model.Families)-1 {
		t.Errorf("%d families", len(families))
	}
	for r := range profile.Reasons {
		if reasons[r.Name()] == "" {
			t.Errorf("reason %s", r.Name())
		}
	}
	for k := core.LimitKind(0); k.Name() != ""; k++ {
		if limits[k.Name()] == "" {
			t.Errorf("limit %s", k.Name())
		}
	}
	for _, a := range []gateway.Action{gateway.ActionPass, gateway.ActionBlock, gateway.ActionDetect, gateway.ActionFailOpen, gateway.ActionFailClosed} {
		if (eventRow{Members: map[string]any{"event.action": string(a)}}).Action() == "" || explain(eventRow{Members: map[string]any{"event.action": string(a)}}, time.Now()).Means == "What was done is not known here." {
			t.Errorf("action %s", a)
		}
	}
}

var tag = regexp.MustCompile(`"#([a-z0-9]+)"`)

// Every link of a decode chain that the walker writes is explained.
func TestDecodersAreExplained(t *testing.T) {
	files, err := filepath.Glob("../../core/walk/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	found := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range tag.FindAllStringSubmatch(string(text), -1) {
			if found[m[1]] = true; decoders[m[1]] == "" {
				t.Errorf("%s: #%s", file, m[1])
			}
		}
	}
	for name := range decoders {
		if !found[name] {
			t.Errorf("#%s is explained, and nothing writes it", name)
		}
	}
}
