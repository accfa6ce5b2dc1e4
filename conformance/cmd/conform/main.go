// Command conform runs the conformance suite against any gateway from outside,
// and lists its cases and results.
//
//	go run ./conformance/cmd/conform [run] --url http://gateway:8080 [--backend-listen addr] [--group name] [--policy site]
//	go run ./conformance/cmd/conform list [--group name]
//	go run ./conformance/cmd/conform table [--results dir] [--into docs/conformance.md]
//
// Exit status: 0 all well, 1 something differs, 2 it could not run.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := command(ctx, os.Args[1:], os.Stdout)
	switch {
	case errors.Is(err, errDiffers):
		stop()
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "conform:", err)
		stop()
		os.Exit(2)
	}
}

// errDiffers says that the gateway is not as it should be; the report has said
// how.
var errDiffers = errors.New("the gateway differs")

func command(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New("want run, list or table")
	}
	if strings.HasPrefix(args[0], "-") {
		return run(ctx, args, out)
	}
	switch args[0] {
	case "run":
		return run(ctx, args[1:], out)
	case "list":
		return list(args[1:], out)
	case "table":
		return table(args[1:], out)
	}
	return fmt.Errorf("command %q: want run, list or table", args[0])
}
