package quickstart

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

const (
	// root is the repository.
	root = "../.."
	// inside is set in the process that becomes bash inside the namespace.
	inside = "GLACIS_QUICKSTART_SCRIPT"
	// limit bounds a whole document on a busy machine.
	limit = 10 * time.Minute
	// pause is between two blocks: readers take longer.
	pause = "1"
)

func TestMain(m *testing.M) {
	if script := os.Getenv(inside); script != "" {
		fmt.Fprintln(os.Stderr, becomeBash(script)) // it returned, so it failed
		os.Exit(125)
	}
	os.Exit(m.Run())
}

// becomeBash brings up the loopback interface of a new network namespace and
// replaces this process by bash.
func becomeBash(script string) error {
	s, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("socket: %w", err)
	}
	request := struct {
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}{flags: syscall.IFF_UP | syscall.IFF_RUNNING}
	copy(request.name[:], "lo")
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(s), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request))); errno != 0 {
		return fmt.Errorf("bring up loopback: %w", errno)
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		return err
	}
	if err := os.Unsetenv(inside); err != nil {
		return err
	}
	return syscall.Exec(bash, []string{"bash", script}, os.Environ())
}

// gateways says what each document needs of tools/fetch.sh.
var gateways = map[string][]string{
	"nginx":   {"nginx"},
	"traefik": {"traefik", "3.7.15"},
	"envoy":   {"envoy", "1.40.0"},
	"kong":    {"nginx-lua"},
}

// TestQuickstarts follows every quickstart line by line.
func TestQuickstarts(t *testing.T) {
	if found, err := filepath.Glob(root + "/docs/quickstart-*.md"); err != nil || len(found) != len(gateways) {
		t.Errorf("there is %v (%v): not one a gateway, %v", found, err, gateways)
	}
	for name, needs := range gateways {
		t.Run(name, func(t *testing.T) {
			document := root + "/docs/quickstart-" + name + ".md"
			text, err := os.ReadFile(document)
			if err != nil {
				t.Fatal(err)
			}
			blocks, err := Blocks(string(text))
			if err != nil {
				t.Fatalf("%s: %v", document, err)
			}
			process.Installed(t, needs...) // beforehand: the namespace has no network
			follow(t, document, blocks)
		})
	}
}

// follow runs the blocks and compares.
func follow(t *testing.T, document string, blocks []Block) {
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), inside+"="+script(t, dir, blocks), "TMPDIR="+dir, "GOPROXY=off", "LC_ALL=C.UTF-8")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = namespace()
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	err = cmd.Start()
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) {
		t.Skipf("no right to make a network namespace: %v (run as root, or allow user namespaces)", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what the document left running
	if err := cmd.Wait(); err != nil {
		t.Errorf("%s: bash: %v: %s", document, err, &said)
	}
	for i, b := range blocks {
		output, status := read(filepath.Join(dir, fmt.Sprint("output-", i))), strings.TrimSpace(read(filepath.Join(dir, fmt.Sprint("status-", i))))
		if status != "0" {
			t.Fatalf("%s:%d: status %q:\n%s\n%s", document, b.Line, status, output, logs(dir))
		}
		t.Logf("%s:%d says\n%s", document, b.Line, output)
		if b.Expected == "" {
			continue
		}
		if err := Match(b.Expected, output); err != nil {
			t.Errorf("%s:%d: %v\n%s", document, b.Line, err, logs(dir))
		}
	}
}

// namespace asks for a network namespace, and, without root, for the user
// namespace that this takes.
func namespace() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL, Cloneflags: syscall.CLONE_NEWNET}
	if os.Geteuid() != 0 {
		a.Cloneflags |= syscall.CLONE_NEWUSER
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	return a
}

// script writes one file a block, and one that reads them all into one shell:
// variables, directory and background jobs go on from block to block. It ends
// at the first block whose last command fails.
func script(t *testing.T, dir string, blocks []Block) string {
	var all strings.Builder
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for i, b := range blocks {
		n := strconv.Itoa(i)
		fmt.Fprintf(&all, ". %s >%s 2>&1\n", write("block-"+n, b.Commands), filepath.Join(dir, "output-"+n))
		fmt.Fprintf(&all, "glacis_status=$?; echo $glacis_status >%s; [ $glacis_status = 0 ] || exit 0\nsleep %s\n", filepath.Join(dir, "status-"+n), pause)
	}
	return write("script", all.String())
}

func read(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// logs returns the ends of the logs that a document's commands wrote.
func logs(dir string) string {
	var all strings.Builder
	files, _ := filepath.Glob(dir + "/tmp.*/*.log")
	for _, file := range files {
		text := read(file)
		fmt.Fprintf(&all, "%s:\n%s\n", filepath.Base(file), text[max(0, len(text)-2000):])
	}
	return all.String()
}
