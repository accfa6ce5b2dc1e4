// Command coraza runs the same honest requests through Glacis, through Coraza
// with the OWASP Core Rule Set and through libinjection, in one process and one
// run, and prints one Markdown table: time, throughput and allocations a
// request, refusals, and how many times slower the others are.
//
// It is a module of its own, so that nobody who uses Glacis downloads Coraza.
//
//	go run . [-kind json_1k] [-passes 3] [-time 300ms]
//	go test -run '^$' -bench . -count 6 | benchstat -
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/glacis-waf/glacis/conformance/benchset"
)

func main() {
	kind := flag.String("kind", "", "only this kind of request")
	passes := flag.Int("passes", 3, "passes over the requests; the best counts")
	least := flag.Duration("time", 300*time.Millisecond, "shortest pass")
	flag.Parse()
	// One core, the garbage collector's work included.
	runtime.GOMAXPROCS(1)
	if err := compare(*kind, *passes, *least); err != nil {
		fmt.Fprintln(os.Stderr, "coraza:", err)
		os.Exit(1)
	}
}

func compare(only string, passes int, least time.Duration) error {
	set, err := benchset.Load()
	if err != nil {
		return err
	}
	if set.Sample {
		fmt.Fprintln(os.Stderr, "the full set of requests is absent: using", set.File)
	}
	list, err := engines()
	if err != nil {
		return err
	}
	var rows []row
	for _, k := range set.Kinds {
		if only != "" && only != k.Name {
			continue
		}
		r := row{kind: k}
		for _, e := range list {
			fmt.Fprintf(os.Stderr, "%s %s\n", k.Name, e.name())
			f, err := measure(e, k, max(passes, 1), least)
			if err != nil {
				return err
			}
			r.figures = append(r.figures, f)
		}
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		return fmt.Errorf("no request of kind %q in %s", only, set.File)
	}
	report(os.Stdout, set, list, rows)
	return nil
}
