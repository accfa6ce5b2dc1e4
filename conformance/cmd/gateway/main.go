// Command gateway runs a real gateway with Glacis in it before an upstream, on
// free loopback ports, until it is interrupted; the demo uses it.
//
//	go run ./conformance/cmd/gateway -kind envoy|traefik|kong -upstream 127.0.0.1:8080 [-sidecar 127.0.0.1:9191] [-policy FOLDER]
//
// The gateways are those of the conformance suite (tools/fetch.sh); kong is an
// nginx that does with the real plugin server what Kong does. The first line on
// standard error says where it listens, {"msg":"listening","listen":"host:port"};
// events, one a line, go to standard output.
//
// Exit status: 0 interrupted, 2 it could not be started, 3 it cannot be had here.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	kind := flag.String("kind", "", "envoy, traefik or kong")
	var to ties
	flag.StringVar(&to.Upstream, "upstream", "", "address of the upstream, host:port")
	flag.StringVar(&to.Sidecar, "sidecar", "", "address of a glacis sidecar, host:port, that learns; through Traefik it also decides")
	flag.StringVar(&to.Policy, "policy", "", "file or folder of policies; Traefik has that of the sidecar")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, *kind, to, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run starts the gateway and waits for the end of ctx.
func run(ctx context.Context, kind string, to ties, stdout, stderr io.Writer) (code int) {
	start, known := gateways[kind]
	if !known || to.Upstream == "" {
		fmt.Fprintln(stderr, "gateway: want -kind envoy, traefik or kong, and -upstream host:port")
		return 2
	}
	h := &harness{ctx: ctx}
	defer func() {
		if end := recover(); end != nil {
			e, ours := end.(ending)
			if !ours {
				panic(end)
			}
			fmt.Fprintln(stderr, "gateway: "+e.text)
			code = e.code
		}
	}()
	defer h.cleanUp()
	address := start(h, to, &filter{to: stdout})
	line, err := json.Marshal(map[string]string{"msg": "listening", "listen": address})
	if err != nil {
		panic(err) // strings always can be marshaled
	}
	fmt.Fprintln(stderr, string(line))
	<-ctx.Done()
	return 0
}
