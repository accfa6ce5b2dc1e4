package straight

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// compiled compiles the program of testdata.
func compiled(t testing.TB) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "program.wasm")
	cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", file, "./testdata/program")
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	module, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return module
}

// run runs a program and returns what it prints. Compiling it checks that it is
// valid.
func run(t *testing.T, module []byte) string {
	t.Helper()
	ctx := context.Background()
	r := wazero.NewRuntime(ctx)
	defer r.Close(ctx)
	wasi_snapshot_preview1.MustInstantiate(ctx, r)
	var out bytes.Buffer
	if _, err := r.InstantiateWithConfig(ctx, module, wazero.NewModuleConfig().WithStdout(&out).WithStderr(&out)); err != nil {
		t.Fatalf("%v; it printed %s", err, &out)
	}
	return out.String()
}

// TestModule runs a program as Go compiled it and straightened.
func TestModule(t *testing.T) {
	module := compiled(t)
	straight, stats, err := Module(module)
	if err != nil {
		t.Fatal(err)
	}
	want, got := run(t, module), run(t, straight)
	if got != want || want == "" {
		t.Errorf("prints %s, want %s", got, want)
	}
	// of a function of the usual kind most jumps go forward
	if stats.Direct < 5*stats.Functions {
		t.Errorf("%+v: this version of Go writes another kind of code", stats)
	}
	again, stats, err := Module(straight)
	if err != nil || stats.Direct != 0 || !bytes.Equal(again, straight) {
		t.Errorf("the second time %+v, %v, same %v", stats, err, bytes.Equal(again, straight))
	}
}

// TestModuleDamaged cuts a module off and damages it: an error, or something
// else, but no panic.
func TestModuleDamaged(t *testing.T) {
	module := compiled(t)
	if _, _, err := Module(module[:len(module)/2]); err == nil {
		t.Error("half a module is taken")
	}
	if _, _, err := Module([]byte("\x7fELF, not WebAssembly")); err == nil {
		t.Error("another file is taken")
	}
	for i := 8; i < len(module); i += len(module) / 50 {
		damaged := bytes.Clone(module)
		damaged[i] ^= 0x15
		_, _, _ = Module(damaged)
	}
}
