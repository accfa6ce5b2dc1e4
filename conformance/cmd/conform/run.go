package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/glacis-waf/glacis/conformance"
)

// run sends the suite to the gateway at --url.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("conform run", flag.ContinueOnError)
	address := flags.String("url", "", "the gateway, http://host:port")
	listen := flags.String("backend-listen", "", "start the known backend here, to which the gateway forwards; without it only answers are compared")
	group := flags.String("group", "", "only cases of this group")
	under := flags.String("policy", "", "the gateway has this policy of conformance/policies, such as site: only the cases that run under it")
	only := flags.String("case", "", "only cases whose group/id contains this text")
	if err := flags.Parse(args); err != nil {
		return err
	}
	u, err := url.Parse(*address)
	if err != nil || u.Scheme != "http" || u.Port() == "" || strings.Trim(u.Path, "/") != "" {
		return fmt.Errorf("--url %q: want http://host:port", *address)
	}
	cases, err := selected(*group, *only)
	if err != nil {
		return err
	}
	if cases = slices.DeleteFunc(cases, func(c *conformance.Case) bool { return c.Policy != *under }); len(cases) == 0 {
		return fmt.Errorf("--policy %q: none of these cases is for it", *under)
	}
	r := &conformance.Runner{Instance: conformance.HTTP(u.Host, conformance.NewEvents()), NoEvents: true}
	if *listen != "" {
		if r.Backend, err = conformance.NewBackend(*listen); err != nil {
			return err
		}
		defer r.Backend.Close()
	}
	if err := conformance.Probe(ctx, r); err != nil {
		return fmt.Errorf("the gateway is wired wrongly, nothing else was tried: %w", err)
	}
	counts := map[conformance.Outcome]int{}
	for _, c := range cases {
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
		res := r.Run(ctx, c)
		counts[res.Outcome]++
		if res.Outcome == conformance.OK && res.Detail == "" {
			continue
		}
		fmt.Fprintf(out, "%-8s %s: %s\n", res.Outcome, res.Case, res.Detail)
		if res.Outcome == conformance.Failed {
			fmt.Fprintf(out, "         why it is here: %s\n", c.Reason)
		}
	}
	fmt.Fprintf(out, "%d cases: %d ok, %d refused by the gateway as they may be, %d failed\n", len(cases), counts[conformance.OK],
		counts[conformance.Outcome(conformance.Refused)], counts[conformance.Failed])
	if counts[conformance.Failed] > 0 {
		return errDiffers
	}
	return nil
}

// selected returns the cases of a group whose name contains a text.
func selected(group, text string) ([]*conformance.Case, error) {
	all, err := conformance.Cases()
	if err != nil {
		return nil, err
	}
	var out []*conformance.Case
	for _, c := range all {
		if (group == "" || c.Group == group) && strings.Contains(c.Name(), text) {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no case in group %q with %q in its name", group, text)
	}
	return out, nil
}
