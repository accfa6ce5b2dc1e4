package kong

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// RSS is the resident memory of the process in bytes. It needs Linux, and skips
// the test elsewhere.
func (p *Process) RSS(t testing.TB) int64 {
	t.Helper()
	return 1024 * p.status(t, "VmRSS")
}

// Threads is the number of threads.
func (p *Process) Threads(t testing.TB) int64 {
	t.Helper()
	return p.status(t, "Threads")
}

func (p *Process) status(t testing.TB, name string) int64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.PID()))
	if err != nil {
		t.Skipf("memory is read from Linux's /proc: %v", err)
	}
	for line := range strings.Lines(string(b)) {
		if key, value, _ := strings.Cut(line, ":"); key == name {
			n, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("no %s in /proc", name)
	return 0
}

// cpuTime is the processor time that a process has used, to the nanosecond, all
// threads that live added up.
func cpuTime(pid int) (time.Duration, error) {
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return 0, err
	}
	total := time.Duration(0)
	for _, task := range tasks {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/schedstat", pid, task.Name()))
		if err != nil {
			continue // a thread that ended meanwhile
		}
		n, err := strconv.ParseInt(strings.Fields(string(b))[0], 10, 64)
		if err != nil {
			return 0, err
		}
		total += time.Duration(n)
	}
	return total, nil
}

// files is the number of open files.
func (p *Process) files(t testing.TB) int64 {
	t.Helper()
	d, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.PID()))
	if err != nil {
		t.Skipf("open files are read from Linux's /proc: %v", err)
	}
	return int64(len(d))
}
