// Command link finishes the WebAssembly plugin for Traefik: it makes the jumps of
// Go's compiler direct (wasm/straight) and works around two faults of the hosts
// (wasm/http/mend).
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/glacis-waf/glacis/wasm/http/mend"
	"github.com/glacis-waf/glacis/wasm/straight"
)

func main() {
	in := flag.String("in", "", "module as go build made it, without debugging information")
	to := flag.String("to", "", "file to write; may be the same")
	flag.Parse()
	if err := link(*in, *to); err != nil {
		fmt.Fprintln(os.Stderr, "link:", err)
		os.Exit(1)
	}
}

func link(in, to string) error {
	module, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	if module, _, err = straight.Module(module); err != nil {
		return err
	}
	if module, err = mend.Module(module); err != nil {
		return err
	}
	return os.WriteFile(to, module, 0o644)
}
