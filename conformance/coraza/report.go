package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/conformance/benchset"
)

// row is one line of the table: a kind and each engine's figure.
type row struct {
	kind    benchset.Kind
	figures []figure
}

// report writes the table as Markdown. The first engine is the one that the
// others are compared with.
func report(w io.Writer, set *benchset.Set, list []engine, rows []row) {
	fmt.Fprintf(w, "%s, %s, %s/%s, %s, one core; requests from %s\n", time.Now().UTC().Format("2006-01-02"),
		runtime.Version(), runtime.GOOS, runtime.GOARCH, processor(), set.File)
	fmt.Fprintf(w, "%s\n\n", versions())
	head, line := "| kind | requests | bytes |", "|---|---:|---:|"
	for _, e := range list {
		head += fmt.Sprintf(" %s µs | MB/s | allocs | refused |", e.name())
		line += "---:|---:|---:|---:|"
	}
	for _, e := range list[1:] {
		head += fmt.Sprintf(" %s ÷ %s |", e.name(), list[0].name())
		line += "---:|"
	}
	fmt.Fprintf(w, "%s\n%s\n", head, line)
	for _, r := range rows {
		fmt.Fprintf(w, "| %s | %d | %d |", r.kind.Name, len(r.kind.Requests), r.kind.Bytes())
		for _, f := range r.figures {
			fmt.Fprintf(w, " %s | %s | %s | %d |", round(f.micros), round(float64(r.kind.Bytes())/f.micros), round(f.allocs), f.refused)
		}
		for _, f := range r.figures[1:] {
			fmt.Fprintf(w, " %s |", round(f.micros/r.figures[0].micros))
		}
		fmt.Fprintln(w)
	}
}

// round prints three significant digits without an exponent.
func round(v float64) string {
	switch {
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// processor is the CPU's name where the system tells it.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		for _, line := range strings.Split(string(text), "\n") {
			if name, ok := strings.CutPrefix(line, "model name"); ok {
				return strings.TrimLeft(name, "\t :")
			}
		}
	}
	return "unknown processor"
}

// versions names what was compared, from the build's own record.
func versions() string {
	out := []string{"glacis (this tree)"}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if strings.HasPrefix(m.Path, "github.com/corazawaf/") {
				out = append(out, strings.TrimPrefix(m.Path, "github.com/corazawaf/")+" "+m.Version)
			}
		}
	}
	return strings.Join(out, ", ")
}
