package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/ask"
	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/sidecar/batch"
	"github.com/glacis-waf/glacis/sidecar/learn"
)

// asCommand makes the test binary the glacis command itself, so that a test can
// have a process of its own to kill.
const asCommand = "GLACIS_TEST_RUN_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// process is a sidecar in a process of its own.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	base string
}

func startProcess(t *testing.T, args ...string) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"sidecar", "--http", "127.0.0.1:0", "--grpc", "", "--log", "off"}, args...)...)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	logs, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: cmd}
	t.Cleanup(p.kill)
	lines := bufio.NewScanner(logs)
	for lines.Scan() {
		var said struct {
			Msg       string   `json:"msg"`
			Addresses []string `json:"addresses"`
		}
		if json.Unmarshal(lines.Bytes(), &said) == nil && said.Msg == "listening" {
			p.base = "http://" + said.Addresses[0]
			go io.Copy(io.Discard, logs)
			return p
		}
	}
	t.Fatal("the sidecar ended without a word")
	return nil
}

// kill is kill -9.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may be dead already
	_ = p.cmd.Wait()         // and that is how it ended
}

// post sends batch number n, of one observation for each asset, and reports
// whether it was acknowledged.
func (p *process) post(n, assets int) bool {
	p.t.Helper()
	data := batch.Begin(nil, batch.ID{byte(n), byte(n >> 8), 3})
	for i := range assets {
		o := profile.Observation{Status: 2, Method: []byte("GET"), Host: []byte(fmt.Sprintf("shop%d.test", i)), Template: []byte("/search"),
			Source: profile.Mix(uint64(n%40)+1, 9) | 1}
		data = batch.AppendRecord(data, profile.AppendRecord(nil, &o, nil, 0, nil, 0))
	}
	res, err := http.Post(p.base+"/v1/observations", batch.MediaType, strings.NewReader(string(data)))
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode/100 == 2
}

// observations waits until at least so many observations were ever applied, by
// this process and those before it, and returns how many were.
func (p *process) observations(want uint64) uint64 {
	p.t.Helper()
	var answer struct{ Learned learn.Counts }
	for range 1500 {
		c, err := ask.New(p.base, ask.Options{})
		if err != nil {
			p.t.Fatal(err)
		}
		// A partition that is still loading answers later.
		if c.Get(p.t.Context(), "/v1/learning", &answer) == nil && answer.Learned.Records >= want {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return answer.Learned.Records
}

// assetFlags declares shop0 and so on.
func assetFlags(dir string, n int) []string {
	args := []string{"--store", dir}
	for i := range n {
		args = append(args, "--asset", fmt.Sprintf("shop%d=shop%d.test", i, i))
	}
	return args
}

// TestKilledSidecar kills a real process of the command in the middle of
// observations, four times: what it acknowledged is there when it is started
// again, and nothing twice.
func TestKilledSidecar(t *testing.T) {
	const assets = 5
	args := assetFlags(t.TempDir(), assets)
	acknowledged, sent := 0, 0
	for round := range 4 {
		p := startProcess(t, args...)
		if got := p.observations(uint64(acknowledged * assets)); got < uint64(acknowledged*assets) || got > uint64(sent*assets) {
			t.Fatalf("round %d: %d observations; %d were acknowledged and %d sent", round, got, acknowledged*assets, sent*assets)
		}
		life := time.Duration(100+70*round) * time.Millisecond
		time.AfterFunc(life, func() { _ = p.cmd.Process.Kill() }) // dead ones are killed again below
		for before := acknowledged; ; {
			sent++
			if p.post(sent, assets) {
				acknowledged++
				continue
			}
			if acknowledged > before {
				break
			}
			t.Fatalf("round %d: no batch was acknowledged before the process died", round)
		}
		p.kill()
	}
	p := startProcess(t, args...)
	if got := p.observations(uint64(acknowledged * assets)); got < uint64(acknowledged*assets) || got > uint64(sent*assets) {
		t.Errorf("at the end: %d observations; %d were acknowledged and %d sent", got, acknowledged*assets, sent*assets)
	}
	t.Logf("%d of %d batches acknowledged", acknowledged, sent)
}

// collapse is far more than starting takes on any machine (under 2 s on the one
// of docs/learning.md): beyond it something is wrong, not slow.
const collapse = 20 * time.Second

// TestStartWithManyAssets starts a sidecar that knows 100 assets and was killed
// with observations that no saved state has.
func TestStartWithManyAssets(t *testing.T) {
	const assets, batches = 100, 50
	args := assetFlags(t.TempDir(), assets)
	p := startProcess(t, args...)
	for n := range batches {
		if !p.post(n+1, assets) {
			t.Fatal("not acknowledged")
		}
	}
	p.kill()
	start := time.Now()
	p = startProcess(t, args...)
	listening := time.Since(start)
	if got := p.observations(assets * batches); got != assets*batches {
		t.Errorf("%d observations, want %d", got, assets*batches)
	}
	all := time.Since(start)
	t.Logf("100 assets: listening after %v, all loaded after %v", listening, all)
	if all > collapse {
		t.Errorf("starting took %v", all)
	}
}
