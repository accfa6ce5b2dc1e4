package process

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"testing"
)

// Proxy builds `glacis proxy`, runs it before an upstream ("host:port") until the
// test ends, and returns its address. Every verdict goes to events.
func Proxy(t testing.TB, upstream string, events io.Writer, args ...string) string {
	t.Helper()
	cmd := exec.Command(Build(t, "github.com/glacis-waf/glacis/cmd/glacis"), append([]string{"proxy", "--upstream", "http://" + upstream,
		"--listen", "127.0.0.1:0", "--metrics-listen", "", "--log", "all"}, args...)...)
	var log Log
	cmd.Stdout, cmd.Stderr = events, &log
	var r struct{ Listen string }
	Run(t, cmd, func() error {
		line := log.Line(`"msg":"listening"`)
		if line == "" {
			return errors.New("it does not say that it listens")
		}
		return json.Unmarshal([]byte(line), &r)
	})
	return r.Listen
}
