// Command tree writes the sources of the Traefik plugin as Traefik wants local
// plugins: below FOLDER/src, without tests.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/glacis-waf/glacis/conformance/traefik"
)

func main() {
	to := flag.String("to", "plugins-local", "folder; its src is replaced")
	flag.Parse()
	if err := traefik.WritePlugin(*to); err != nil {
		fmt.Fprintln(os.Stderr, "tree:", err)
		os.Exit(1)
	}
}
