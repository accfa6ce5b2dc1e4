// Command tree writes the sources of the Traefik plugin as Traefik wants local
// plugins: below FOLDER/src, without tests; or the plugin that is WebAssembly.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/glacis-waf/glacis/conformance/traefik"
)

func main() {
	to := flag.String("to", "plugins-local", "folder; its src is replaced")
	guest := flag.String("guest", "", "write this WebAssembly guest instead")
	flag.Parse()
	var err error
	if *guest != "" {
		err = traefik.WriteGuest(*to, *guest)
	} else {
		err = traefik.WritePlugin(*to)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "tree:", err)
		os.Exit(1)
	}
}
