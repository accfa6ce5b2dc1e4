package kong

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"text/template"
	"time"
)

//go:embed minikong
var minikong embed.FS

// MiniKong is an nginx that does with a plugin server what Kong does.
type MiniKong struct {
	*exec.Cmd
	// Address takes HTTP/1, Address2 HTTP/2 without TLS, Admin is for
	// configuration; all are "host:port".
	Address, Address2, Admin string
	// Dir holds nginx's log and body files.
	Dir string
}

// Setup is what a MiniKong is made of.
type Setup struct {
	// Socket and Name are the plugin server's.
	Socket, Name string
	// Config is the plugin's configuration, a JSON object.
	Config string
	// Backend is the upstream, "host:port".
	Backend string
	// Workers is the number of worker processes; default 1.
	Workers int
}

// StartMiniKong starts nginx; it ends with the test. It skips the test when
// nginx cannot be had.
func StartMiniKong(t testing.TB, s Setup) *MiniKong {
	t.Helper()
	nginx := fetch(t, "nginx-lua")
	dir, err := os.MkdirTemp("", "minikong")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	m := &MiniKong{Dir: dir, Address: freeAddress(t), Address2: freeAddress(t), Admin: freeAddress(t)}
	if err := m.Prepare(nginx, s); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	m.Stderr = &out
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = m.Process.Signal(syscall.SIGTERM) // it may have ended
		_ = m.Wait()
	})
	if err := waitFor(m.Address); err != nil {
		t.Fatalf("nginx does not listen: %v\n%s%s", err, out.String(), m.Log())
	}
	return m
}

// Prepare fills m.Dir, an empty folder, with a configuration for m's addresses
// and makes the command that starts it; nginx is the folder of tools/fetch.sh
// nginx-lua.
func (m *MiniKong) Prepare(nginx string, s Setup) error {
	if err := os.CopyFS(m.Dir, minikong); err != nil {
		return err
	}
	values := struct {
		Setup
		*MiniKong
		Nginx, Lua, User string
	}{s, m, nginx, filepath.Join(m.Dir, "minikong"), ""}
	values.Workers = max(s.Workers, 1)
	if os.Geteuid() == 0 {
		values.User = "user root;" // body files are for their owner, and the plugin server is root's
	}
	text, err := minikong.ReadFile("minikong/nginx.conf")
	if err != nil {
		return err
	}
	var conf bytes.Buffer
	if err := template.Must(template.New("").Parse(string(text))).Execute(&conf, values); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(m.Dir, "config.json"), []byte(s.Config), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(m.Dir, "config.json"), []byte(s.Config), 0o600); err != nil {
		return err
	}
	path := filepath.Join(m.Dir, "nginx.conf")
	if err := os.WriteFile(path, conf.Bytes(), 0o600); err != nil {
		return err
	}
	m.Cmd = exec.Command(filepath.Join(nginx, "nginx"), "-p", m.Dir, "-c", path, "-e", filepath.Join(m.Dir, "error.log"))
	return nil
}

// Log returns nginx's error log.
func (m *MiniKong) Log() string {
	b, err := os.ReadFile(filepath.Join(m.Dir, "error.log"))
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// fetch returns where tools/fetch.sh put something, or skips the test.
func fetch(t testing.TB, what ...string) string {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	cmd := exec.Command(filepath.Join(filepath.Dir(file), "../../tools/fetch.sh"), what...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 3 {
		t.Skipf("%s; `make gateways` installs it", strings.TrimSpace(stderr.String()))
	}
	if err != nil {
		t.Fatalf("fetch %v: %v\n%s", what, err, stderr.String())
	}
	return strings.TrimSpace(string(out))
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func waitFor(address string) error {
	for range 1000 {
		c, err := net.Dial("tcp", address)
		if err == nil {
			return c.Close()
		}
		time.Sleep(5 * time.Millisecond)
	}
	return fmt.Errorf("%s: nobody listens", address)
}
