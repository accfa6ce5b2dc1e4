package deploy

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

const installed = "/usr/local/bin/glacis"

// unit is a systemd unit: its settings by section and key, lists in order, as
// systemd.syntax(7) has them. Lines that go on are not used, and refused.
type unit map[string]map[string][]string

func readUnit(t *testing.T, name string) unit {
	t.Helper()
	u, section := unit{}, ""
	for line := range strings.Lines(string(file(t, root+"/deploy/systemd/"+name))) {
		line = strings.TrimSpace(line)
		switch key, value, ok := strings.Cut(line, "="); {
		case line == "" || line[0] == '#' || line[0] == ';':
		case strings.HasSuffix(line, `\`):
			t.Fatalf("%s: %q goes on", name, line)
		case line[0] == '[' && line[len(line)-1] == ']':
			section = line
			if u[section] != nil {
				t.Fatalf("%s: two sections %s", name, section)
			}
			u[section] = map[string][]string{}
		case !ok || section == "" || key != strings.TrimSpace(key):
			t.Fatalf("%s: %q is neither a section nor a setting of one", name, line)
		default:
			u[section][key] = append(u[section][key], value)
		}
	}
	return u
}

// service is a setting of the section [Service] that stands there once.
func (u unit) service(t *testing.T, key string) string {
	t.Helper()
	if len(u["[Service]"][key]) != 1 {
		t.Fatalf("%s: %q", key, u["[Service]"][key])
	}
	return u["[Service]"][key][0]
}

// command is ExecStart as systemd executes it: $NAME as a word of its own becomes
// words, ${NAME} a part of one (systemd.service(5), "command lines").
func (u unit) command(t *testing.T, environment ...string) []string {
	t.Helper()
	values := map[string]string{}
	for _, e := range append(slices.Clone(u["[Service]"]["Environment"]), environment...) {
		key, value, _ := strings.Cut(e, "=")
		values[key] = value
	}
	var words []string
	for word := range strings.FieldsSeq(u.service(t, "ExecStart")) {
		name, isWord := strings.CutPrefix(word, "$")
		if value, known := values[name]; isWord && known {
			words = append(words, strings.Fields(value)...)
			continue
		}
		words = append(words, os.Expand(word, func(name string) string {
			if _, known := values[name]; !known {
				t.Errorf("%s: no Environment has %s", word, name)
			}
			return values[name]
		}))
	}
	return words
}

// units are the names of all units.
func units(t *testing.T) (names []string) {
	t.Helper()
	all, err := filepath.Glob(root + "/deploy/systemd/*")
	if err != nil || len(all) == 0 {
		t.Fatalf("%v: %v", all, err)
	}
	for _, path := range all {
		names = append(names, filepath.Base(path))
	}
	return names
}

// TestUnitsVerify has systemd itself read the units, which names every key that
// it does not know, every value that it cannot read and a command that is not
// there; and sees that it does.
func TestUnitsVerify(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("no systemd-analyze: apt-get install systemd")
	}
	verify := func(t *testing.T, name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, installed, glacis(t))), 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := exec.Command(analyze, "verify", "--man=no", "--recursive-errors=no", path).CombinedOutput()
		if err != nil && len(said) == 0 {
			t.Fatal(err)
		}
		return string(said)
	}
	for _, name := range units(t) {
		text := string(file(t, root+"/deploy/systemd/"+name))
		if said := verify(t, name, text); said != "" {
			t.Error(said)
		}
		if said := verify(t, name, strings.Replace(text, "\nProtectSystem=", "\nProtectSystems=", 1)); !strings.Contains(said, "ProtectSystems") {
			t.Errorf("%s: a typing error is not noticed: %s", name, said)
		}
	}
}

// TestUnitsAgree looks for what systemd does not: whether the folders that a
// command names are those that the unit has, and how far it is locked up.
func TestUnitsAgree(t *testing.T) {
	folder := regexp.MustCompile(`(/var/lib|/run)/([a-z-]+)`)
	for _, name := range units(t) {
		u := readUnit(t, name)
		for _, m := range folder.FindAllStringSubmatch(u.service(t, "ExecStart"), -1) {
			key := map[string]string{"/var/lib": "StateDirectory", "/run": "RuntimeDirectory"}[m[1]]
			if u.service(t, key) != m[2] {
				t.Errorf("%s: %s is no %s of the unit", name, m[0], key)
			}
		}
		for _, want := range []string{"DynamicUser=yes", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "PrivateDevices=yes",
			"MemoryDenyWriteExecute=yes", "ExecReload=/bin/kill -HUP $MAINPID", "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6"} {
			key, value, _ := strings.Cut(want, "=")
			if got := u.service(t, key); got != value {
				t.Errorf("%s: %s=%s, want %s", name, key, got, value)
			}
		}
		if u.service(t, "MemoryMax") == "" || len(u["[Install]"]["WantedBy"]) == 0 {
			t.Errorf("%s: no bound on memory, or nothing starts it", name)
		}
	}
}

// play starts a unit's command as a process of this host, with other folders, and
// does what systemd does to reload it. ready is what its health is asked of.
func (u unit) play(t *testing.T, dir, ready string, environment ...string) *process.Process {
	t.Helper()
	args := u.command(t, environment...)
	if args[0] != installed {
		t.Fatalf("starts %s", args[0])
	}
	for i, a := range args {
		args[i] = strings.NewReplacer("/var/lib/glacis", dir+"/lib", "/run/glacis", dir).Replace(a)
	}
	cmd := exec.Command(glacis(t), args[1:]...)
	cmd.Dir = dir
	p := process.Run(t, cmd, nil)
	healthy := func() {
		t.Helper()
		ctx, cancel := context.WithTimeout(context.Background(), process.StartTime)
		defer cancel()
		err := p.Await(ctx, func() error { return exec.Command(glacis(t), "health", ready).Run() })
		if err != nil {
			t.Fatal(err)
		}
	}
	healthy()
	reload := strings.Fields(strings.Replace(u.service(t, "ExecReload"), "$MAINPID", strconv.Itoa(p.PID()), 1))
	if said, err := exec.Command(reload[0], reload[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%q: %v: %s", reload, err, said)
	}
	healthy()
	return p
}

// stops sees that a unit's process ends by itself within the time of its unit,
// without an error.
func (u unit) stops(t *testing.T, p *process.Process) {
	t.Helper()
	timeout, err := time.ParseDuration(u.service(t, "TimeoutStopSec") + "s")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(timeout); err != nil {
		t.Errorf("stopped: %v", err)
	}
}

func TestUnitSidecar(t *testing.T) {
	u, dir := readUnit(t, "glacis-sidecar.service"), t.TempDir()
	p := u.play(t, dir, "unix:"+dir+"/http.sock")
	for _, kept := range []string{"grpc.sock", "lib/signing.key"} {
		if _, err := os.Stat(filepath.Join(dir, kept)); err != nil {
			t.Error(err)
		}
	}
	u.stops(t, p)
}

// TestUnitProxy runs both units as the proxy's comment says, sends an attack, and
// compares how they are locked up.
func TestUnitProxy(t *testing.T) {
	u, beside, dir := readUnit(t, "glacis-proxy.service"), readUnit(t, "glacis-sidecar.service"), t.TempDir()
	sidecar := beside.play(t, dir, "unix:"+dir+"/http.sock")
	application := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer application.Close()
	address, metrics := process.Address(t), process.Address(t)
	here := strings.NewReplacer("127.0.0.1:8081", address, "http://127.0.0.1:8080", application.URL, "OPTIONS=", "OPTIONS=--metrics-listen "+metrics+" ")
	var environment []string
	for line := range strings.Lines(string(file(t, root+"/deploy/systemd/glacis-proxy.service"))) {
		if line, ok := strings.CutPrefix(strings.TrimSpace(line), "#   "); ok && regexp.MustCompile(`^[A-Z]+=`).MatchString(line) {
			environment = append(environment, here.Replace(line))
		}
	}
	if len(environment) != len(u["[Service]"]["Environment"]) {
		t.Fatalf("the comment sets %q", environment)
	}
	proxy := u.play(t, dir, "http://"+metrics+"/-/readyz", environment...)
	for target, want := range map[string]int{"/?q=lamp": 200, "/?q=" + url.QueryEscape(attack): 403} {
		if res, err := http.Get("http://" + address + target); err != nil || res.StatusCode != want {
			t.Errorf("%s: %v %v, want %d", target, res, err, want)
		}
	}
	u.stops(t, proxy)
	beside.stops(t, sidecar)
	own := []string{"Environment", "EnvironmentFile", "ExecStart", "TimeoutStopSec", "UMask", "RuntimeDirectory", "RuntimeDirectoryMode", "MemoryMax"}
	same := func(key string, _ []string) bool { return slices.Contains(own, key) }
	maps.DeleteFunc(u["[Service]"], same)
	maps.DeleteFunc(beside["[Service]"], same)
	if !reflect.DeepEqual(u["[Service]"], beside["[Service]"]) {
		t.Errorf("the proxy has %v\nthe sidecar %v", u["[Service]"], beside["[Service]"])
	}
}
