package guest

import "testing"

// TestTask lets calls fail, be forgotten by the host and succeed.
func TestTask(t *testing.T) {
	var k task
	now := 100 * second
	if !k.ready(now) {
		t.Fatal("a new task is not ready")
	}
	for _, want := range []uint64{second / 4, second / 2, second, 2 * second, 4 * second, 8 * second, 15 * second, 15 * second} {
		k.begin(1, false, now, 1000)
		if k.due != now+want || k.ready(now+want-1) || !k.ready(now+want) {
			t.Fatalf("due after %d ns, want %d", k.due-now, want)
		}
	}
	k.begin(2, true, now, 1000)
	lost := now + second + overdue
	if k.ready(lost) {
		t.Error("two calls at a time")
	}
	if k.ready(lost+1) || k.waiting || !k.ready(lost+1+lastPause) {
		t.Error("a forgotten call blocks the task")
	}
	k.done(now, 7)
	if k.ready(now+6) || !k.ready(now+7) {
		t.Error("not due in time")
	}
	if k.failed(now); k.due != now+firstPause {
		t.Error("success did not end the longer pauses")
	}
}
