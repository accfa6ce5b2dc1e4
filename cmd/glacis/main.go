// Command glacis is everything of Glacis that is not inside a gateway: the
// reverse proxy and the sidecar, and the tools for requests, models, policies
// and what was learned.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
