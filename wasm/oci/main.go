// Command oci puts glacis.wasm into an OCI image layout, without Docker: a
// directory that oras, skopeo or crane copies to a registry, and from which
// Istio and Envoy Gateway load the plugin.
//
//	go run ./wasm/oci -in build/glacis.wasm -out build/glacis-wasm-oci -tag 1.0.0
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
)

func main() {
	in := flag.String("in", "build/glacis.wasm", "the plugin")
	out := flag.String("out", "build/glacis-wasm-oci", "directory of the layout; made anew")
	tag := flag.String("tag", "latest", "tag of the image")
	flag.Parse()
	wasm, err := os.ReadFile(*in)
	if err == nil {
		err = os.RemoveAll(*out)
	}
	var digest string
	if err == nil {
		digest, err = write(context.Background(), *out, *tag, wasm)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "oci:", err)
		os.Exit(1)
	}
	fmt.Printf("%s:%s\n%s\n", *out, *tag, digest)
}
