package nginx

import (
	"os/exec"
	"testing"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// root is the repository.
const root = "../.."

// startNginx runs nginx with a configuration of deploy/nginx in which addresses
// are replaced, each of which must be there, and waits until it listens.
func startNginx(t testing.TB, file, listen string, change map[string]string) {
	t.Helper()
	dir := t.TempDir()
	config := process.Example(t, dir, "nginx/"+file, change)
	process.Run(t, exec.Command(process.Installed(t, "nginx"), "-p", dir, "-c", config), process.Listens(listen))
}
