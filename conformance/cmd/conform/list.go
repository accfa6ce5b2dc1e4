package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/glacis-waf/glacis/conformance"
)

// list prints the cases with what the engine says to each.
func list(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("conform list", flag.ContinueOnError)
	group := flags.String("group", "", "only cases of this group")
	if err := flags.Parse(args); err != nil {
		return err
	}
	cases, err := selected(*group, "")
	if err != nil {
		return err
	}
	for _, c := range cases {
		verdict := "not a valid message"
		if m := c.Message("conform-list"); m.Request != nil {
			p, err := c.Rules()
			if err != nil {
				return err
			}
			v, err := p.Inspect(*m.Request)
			if err != nil {
				return err
			}
			verdict = fmt.Sprintf("%s %d %s %s", v.Action.Name(), v.Score, v.Family.Name(), v.Location)
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", c.Name(), c.Expect.Action, verdict, c.Reason)
	}
	return nil
}

// table writes the table of results.
func table(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("conform table", flag.ContinueOnError)
	dir := flags.String("results", "build/conformance", "folder with the results of full runs")
	into := flags.String("into", "", "Markdown file between whose marks the table goes; without it to standard output")
	if err := flags.Parse(args); err != nil {
		return err
	}
	reports, err := conformance.ReadReports(*dir)
	if err != nil {
		return err
	}
	if *into != "" {
		return conformance.WriteTable(*into, reports)
	}
	_, err = io.WriteString(out, conformance.Table(reports))
	return err
}
