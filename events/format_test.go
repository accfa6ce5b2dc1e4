package events

import (
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/internal/golden"
)

func TestCEF(t *testing.T) {
	var text []byte
	for _, r := range sample(t) {
		next, err := (cefFormat{"1.2|3"}).Append(text, r)
		if err != nil {
			t.Fatal(err)
		}
		text = append(next, '\n')
	}
	golden.Equal(t, "testdata/events.cef", string(text))
}

func TestFormatsRefuseWhatIsNoEvent(t *testing.T) {
	dst, err := (cefFormat{}).Append([]byte("kept"), Record{Line: []byte("no JSON")})
	if string(dst) != "kept" || refused(err) != 1 {
		t.Errorf("%s %v", dst, err)
	}
	s := &streamSink{w: &strings.Builder{}, format: cefFormat{}}
	if n, err := s.Write(t.Context(), append(sample(t), Record{Line: []byte("[")})); n != 4 || refused(err) != 1 {
		t.Error(n, err)
	}
}

// FuzzCEF states: whatever an event holds, its record is one line with seven
// unescaped bars, and nothing of its values makes a key of its own.
func FuzzCEF(f *testing.F) {
	f.Add("GET", "a|b", "c=d\n", `e\`)
	f.Fuzz(func(t *testing.T, method, path, window, family string) {
		quoted := func(s string) string {
			b := &strings.Builder{}
			for _, r := range s {
				if r == '"' || r == '\\' || r < ' ' {
					const hex = "0123456789abcdef"
					b.WriteString(`\u00` + string(hex[r>>4]) + string(hex[r&15]))
				} else {
					b.WriteRune(r)
				}
			}
			return b.String()
		}
		line := `{"event.action":"block","http.request.method":"` + quoted(method) + `","url.path":"` + quoted(path) +
			`","glacis.window":"` + quoted(window) + `","glacis.family":"` + quoted(family) + `"}`
		out, err := (cefFormat{"1"}).Append(nil, Record{Line: []byte(line)})
		if err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		bars, equals := 0, 0
		header := true
		for i := 0; i < len(out); i++ {
			switch {
			case out[i] == '\\':
				i++
			case out[i] == '|' && header:
				bars++
				header = bars < 7
			case out[i] == '=' && !header:
				equals++
			case out[i] == '\n' || out[i] == '\r':
				t.Fatalf("%q has more than one line", out)
			}
		}
		if bars != 7 || equals > 5 {
			t.Errorf("%d bars, %d keys: %q", bars, equals, out)
		}
	})
}
