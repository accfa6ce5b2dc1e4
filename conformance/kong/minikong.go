package kong

import (
	"bytes"
	"embed"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"text/template"

	"github.com/glacis-waf/glacis/conformance/internal/process"
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
	nginx := process.Installed(t, "nginx-lua")
	dir, err := os.MkdirTemp("", "minikong")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	m := &MiniKong{Dir: dir, Address: process.Address(t), Address2: process.Address(t), Admin: process.Address(t)}
	if err := m.Prepare(nginx, s); err != nil {
		t.Fatal(err)
	}
	process.Run(t, m.Cmd, process.Listens(m.Address))
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
