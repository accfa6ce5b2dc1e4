package nginx

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// root is the repository.
const root = "../.."

// startTime bounds the time until a program listens, on a busy machine.
const startTime = time.Minute

// startProxy runs glacis proxy until the test ends and returns its address.
func startProxy(t testing.TB, upstream string, events io.Writer, args ...string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "glacis")
	if out, err := exec.Command("go", "build", "-o", binary, "github.com/glacis-waf/glacis/cmd/glacis").CombinedOutput(); err != nil {
		t.Fatalf("build glacis: %v\n%s", err, out)
	}
	cmd := exec.Command(binary, append([]string{"proxy", "--upstream", "http://" + upstream, "--listen", "127.0.0.1:0",
		"--metrics-listen", "", "--log", "all"}, args...)...)
	cmd.Stdout = events
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	listening := make(chan string, 1)
	end := run(t, cmd, func() { readLog(log, listening) })
	select {
	case address := <-listening:
		return address
	case <-end:
		t.Fatal("glacis proxy ended at once")
	case <-time.After(startTime):
		t.Fatal("glacis proxy does not listen")
	}
	return ""
}

// run starts a program, reads what it says, and ends it with the test.
func run(t testing.TB, cmd *exec.Cmd, read func()) (ended <-chan struct{}) {
	t.Helper()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	end := make(chan struct{})
	go func() {
		defer close(end)
		read()
		_ = cmd.Wait() // ends by our signal
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
		select {
		case <-end:
		case <-time.After(10 * time.Second):
			_ = cmd.Process.Kill()
			<-end
		}
	})
	return end
}

// readLog reads the proxy's log to its end and tells where it listens.
func readLog(log io.Reader, listening chan<- string) {
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r struct{ Msg, Listen string }
		if json.Unmarshal(lines.Bytes(), &r) == nil && r.Msg == "listening" {
			listening <- r.Listen
		}
	}
}

// startNginx runs nginx with a configuration of deploy/nginx in which addresses
// are replaced, each of which must be there, and waits until it listens.
func startNginx(t testing.TB, file, listen string, change map[string]string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "deploy/nginx", file))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	config := string(text)
	for from, to := range change {
		if !strings.Contains(config, from) {
			t.Fatalf("deploy/nginx/%s has no %q", file, from)
		}
		config = strings.ReplaceAll(config, from, to)
	}
	path := filepath.Join(dir, file)
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	var said head
	cmd := exec.Command(binary(t), "-p", dir, "-c", path)
	cmd.Stdout, cmd.Stderr = &said, &said
	end := run(t, cmd, func() {})
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("nginx logged:\n%s", said.String())
		}
	})
	for deadline := time.Now().Add(startTime); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		select {
		case <-end:
			t.Fatalf("nginx ended: %s", said.String())
		default:
		}
		if c, err := net.Dial("tcp", listen); err == nil {
			c.Close()
			return
		}
	}
	t.Fatalf("nginx does not listen: %s", said.String())
}

// binary returns nginx's path, installing it if need be.
func binary(t testing.TB) string {
	t.Helper()
	cmd := exec.Command(filepath.Join(root, "tools/fetch.sh"), "nginx")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 3 {
		t.Skipf("nginx cannot be installed here (tools/fetch.sh nginx): %s", &said)
	}
	if err != nil {
		t.Fatalf("tools/fetch.sh nginx: %v: %s", err, &said)
	}
	return strings.TrimSpace(string(out))
}

// freeAddress returns an address of this host that was free a moment ago.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// head keeps the first 64 KiB of a log.
type head struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *head) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if room := 64<<10 - l.text.Len(); room > 0 {
		l.text.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}

// String returns what there is.
func (l *head) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
