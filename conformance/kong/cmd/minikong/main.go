// Command minikong does with a kong.conf and a declarative configuration what
// `kong start` does with them, as far as the plugin server of Glacis is concerned:
// it starts the server by its start_cmd, and nginx as Kong configures it, before
// the first service. It stands in where there is no Kong, in a quickstart that
// must run; everything else that Kong is, it is not.
//
//	minikong -nginx "$(tools/fetch.sh nginx-lua)" -c kong.conf
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/glacis-waf/glacis/conformance/internal/process"
	"github.com/glacis-waf/glacis/conformance/kong"
)

func main() {
	nginx := flag.String("nginx", "", "folder of `tools/fetch.sh nginx-lua`")
	conf := flag.String("c", "kong.conf", "Kong's configuration")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	err := run(ctx, *nginx, *conf)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "minikong:", err)
		os.Exit(1)
	}
}

// run starts both processes and ends them when ctx ends, or one when the other
// has ended.
func run(ctx context.Context, nginx, conf string) error {
	s, err := readSetup(conf)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	words := strings.Fields(s.start)
	server := exec.CommandContext(ctx, words[0], words[1:]...)
	server.Stdout, server.Stderr = os.Stderr, os.Stderr
	server.Cancel = func() error { return server.Process.Signal(syscall.SIGTERM) }
	if err := server.Start(); err != nil {
		return fmt.Errorf("start the plugin server: %w", err)
	}
	ended := make(chan error, 2)
	go func() { ended <- server.Wait() }()
	if err := await(ctx, s.Socket, ended); err != nil {
		return err
	}
	m := &kong.MiniKong{Address: s.listen}
	if m.Dir, err = os.MkdirTemp("", "minikong"); err != nil {
		return err
	}
	defer os.RemoveAll(m.Dir)
	if m.Address2, err = process.FreeAddress(); err != nil {
		return err
	}
	if m.Admin, err = process.FreeAddress(); err != nil {
		return err
	}
	if err := m.Prepare(nginx, s.Setup); err != nil {
		return err
	}
	m.Stderr = os.Stderr
	if err := m.Start(); err != nil {
		return fmt.Errorf("start nginx: %w", err)
	}
	go func() { ended <- m.Wait() }()
	select {
	case <-ctx.Done():
	case err = <-ended:
		err = fmt.Errorf("a process ended: %v; nginx said: %s", err, m.Log())
	}
	_ = m.Process.Signal(syscall.SIGTERM) // it may have ended
	stop()
	<-ended
	return err
}

// await waits until the plugin server has made its socket.
func await(ctx context.Context, socket string, ended <-chan error) error {
	for {
		if _, err := os.Stat(socket); err == nil {
			return nil
		}
		select {
		case err := <-ended:
			return fmt.Errorf("the plugin server ended: %v", err)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
