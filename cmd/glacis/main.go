// Command glacis inspects HTTP requests for attacks: as a reverse proxy, and
// over files of requests for analysis, measurement and dry runs.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
