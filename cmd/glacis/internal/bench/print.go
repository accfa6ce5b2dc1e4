package bench

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/safetext"
)

// Print writes the report as a table.
func (r *Report) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "kind\trequests\tµs/request\tMB/s\tallocs/request\t")
	for _, k := range r.Kinds {
		fmt.Fprintf(t, "%s\t%d\t%.3f\t%.1f\t%.2f\t\n",
			safetext.Terminal(k.Kind), k.Requests, k.Microseconds, k.BytesPerSecond/1e6, k.Allocs)
	}
	return t.Flush()
}
