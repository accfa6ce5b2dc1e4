// Command glacis is the plugin server for Kong Gateway. Kong takes the name of
// the executable for the name of the plugin.
package main

import (
	"fmt"
	"os"

	"github.com/glacis-waf/glacis/plugins/kong"
)

func main() {
	if err := kong.Main(); err != nil {
		fmt.Fprintln(os.Stderr, "glacis:", err)
		os.Exit(1)
	}
}
