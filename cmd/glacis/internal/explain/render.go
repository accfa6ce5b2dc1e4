package explain

import (
	"fmt"
	"io"
	"strings"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/request"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
	"github.com/glacis-waf/glacis/core"
)

// context is how many bytes of the value are shown on each side of the window,
// plain how many characters of a value without one.
const (
	context = 40
	plain   = 96
	// unitsPerNat is the unit of token weights, as documented at core.Token.
	unitsPerNat = 64
)

// Style marks the window.
type Style struct{ Open, Close string }

// The styles: for terminals and for everything else.
var (
	ANSI     = Style{"\x1b[1;31m", "\x1b[0m"}
	Brackets = Style{"[[", "]]"}
)

// Render writes the request line, the tree of values and the verdict.
func Render(w io.Writer, r *request.Request, v core.Verdict, steps []core.Step, style Style) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s  (%s)\n", safetext.Terminal(r.HTTP.Method),
		safetext.Clip(safetext.Terminal(r.HTTP.URI), plain), safetext.Terminal(r.ID))
	head, body := prefixes(steps)
	for i := range steps {
		writeStep(&b, head[i], body[i], &steps[i], style)
	}
	writeVerdict(&b, v)
	_, err := io.WriteString(w, b.String())
	return err
}

func writeStep(b *strings.Builder, head, body string, s *core.Step, style Style) {
	fmt.Fprintf(b, "%s%s", head, safetext.Terminal(s.Location+s.Chain))
	if s.Name {
		b.WriteString(" (name)")
	}
	fmt.Fprintf(b, "  %s  ", showValue(s, style))
	switch {
	case s.Score > 0:
		fmt.Fprintf(b, "%d %s %s", s.Score, s.Confidence.Name(), s.Family.Name())
	case s.Hits == 0:
		b.WriteByte('-')
	default:
		b.WriteString("0")
	}
	b.WriteByte('\n')
	if s.Window != "" && !hasSpan(s) {
		// The window is no part of the value as it stands: it was folded.
		fmt.Fprintf(b, "%s     %s%s%s\n", body, style.Open, safetext.Terminal(s.Window), style.Close)
	}
	for _, t := range s.Tokens {
		fmt.Fprintf(b, "%s     %+6.2f  %s\n", body, float64(t.Weight)/unitsPerNat, safetext.Terminal(t.Text))
	}
}

// hasSpan says whether the window is a part of the value.
func hasSpan(s *core.Step) bool {
	return s.Start >= 0 && s.Start < s.End && s.End <= len(s.Value) && s.Score > 0
}

// showValue is the value on one line, clipped, the window marked.
func showValue(s *core.Step, style Style) string {
	if !hasSpan(s) {
		return `"` + safetext.Clip(safetext.Terminal(s.Value), plain) + `"`
	}
	before, after := s.Value[:s.Start], s.Value[s.End:]
	left, right := "", ""
	if len(before) > context {
		before, left = before[len(before)-context:], "…"
	}
	if len(after) > context {
		after, right = after[:context], "…"
	}
	return `"` + left + safetext.Terminal(before) + style.Open + safetext.Terminal(s.Value[s.Start:s.End]) +
		style.Close + safetext.Terminal(after) + right + `"`
}

func writeVerdict(b *strings.Builder, v core.Verdict) {
	fmt.Fprintf(b, "%s: confidence %s, score %d", v.Action.Name(), v.Confidence.Name(), v.Score)
	if v.Location != "" {
		fmt.Fprintf(b, ", %s in %s", v.Family.Name(), safetext.Terminal(v.Location))
	}
	fmt.Fprintf(b, ", model %s\n", safetext.Terminal(v.Model))
	if v.Uninspected > 0 {
		fmt.Fprintf(b, "%d bytes were not inspected\n", v.Uninspected)
	}
	for kind := core.LimitKind(0); kind < core.LimitKinds; kind++ {
		if n := v.Limits[kind]; n > 0 {
			fmt.Fprintf(b, "limit %s was reached %d times\n", kind.Name(), n)
		}
	}
}
