// Command shop runs the vulnerable demo shop alone.
package main

import (
	"flag"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/glacis-waf/glacis/deploy/demo/shop"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:3000", "loopback address to listen on")
	flag.Parse()
	if err := run(*listen); err != nil {
		log.Fatal(err)
	}
}

func run(listen string) error {
	dir, err := os.MkdirTemp("", "glacis-demo-shop-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := shop.Open(dir)
	if err != nil {
		return err
	}
	defer s.Close()
	log.Printf("the leaky shop listens on http://%s", listen)
	return (&http.Server{Addr: listen, Handler: s, ReadHeaderTimeout: 10 * time.Second}).ListenAndServe()
}
