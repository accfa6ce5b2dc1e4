package envoy

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// crds says where the schemas of the manifests' kinds come from: Go modules with
// the checksum that they must have. The rules in CEL beside the schemas are not
// checked.
var crds = []struct{ kind, module, sum, file string }{
	{"WasmPlugin", "istio.io/api@v1.31.1", "h1:5Yb5ihcz4YQsCkciusK7DnFpBMwRB6EFWeUKH1Atuyk=", "kubernetes/customresourcedefinitions.gen.yaml"},
	{"EnvoyExtensionPolicy", "github.com/envoyproxy/gateway@v1.9.1", "h1:vAVp6/AlBXJ1aOhp1mxL7fNEzVEfjADUguUhm2wzxQY=",
		"charts/gateway-helm/charts/crds/crds/generated/gateway.envoyproxy.io_envoyextensionpolicies.yaml"},
	{"ClientTrafficPolicy", "github.com/envoyproxy/gateway@v1.9.1", "h1:vAVp6/AlBXJ1aOhp1mxL7fNEzVEfjADUguUhm2wzxQY=",
		"charts/gateway-helm/charts/crds/crds/generated/gateway.envoyproxy.io_clienttrafficpolicies.yaml"},
}

// documents decodes all documents of a YAML file.
func documents(t *testing.T, file string) []map[string]any {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]any
	for d := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var doc map[string]any
		err := d.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if doc != nil {
			all = append(all, doc)
		}
	}
}

// download gets a Go module by the Go command and returns its directory.
func download(t *testing.T, module, sum string) string {
	t.Helper()
	cmd := exec.Command("go", "mod", "download", "-json", module)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "GO111MODULE=on")
	if err := os.WriteFile(filepath.Join(cmd.Dir, "go.mod"), []byte("module schemas\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.Output()
	var got struct{ Dir, Sum, Error string }
	if json.Unmarshal(out, &got) != nil || err != nil || got.Dir == "" {
		t.Skipf("no schema (go mod download %s): %v: %s", module, err, got.Error)
	}
	if got.Sum != sum {
		t.Fatalf("%s has checksum %s, want %s", module, got.Sum, sum)
	}
	return got.Dir
}

// strict makes unknown fields errors, as the API server does on kubectl apply.
func strict(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			strict(e)
		}
	case map[string]any:
		for _, e := range v {
			strict(e)
		}
		_, properties := v["properties"].(map[string]any)
		if _, more := v["additionalProperties"]; properties && v["type"] == "object" && !more && v["x-kubernetes-preserve-unknown-fields"] != true {
			v["additionalProperties"] = false
		}
	}
}

// schema compiles the spec's schema of a kind and version.
func schema(t *testing.T, dir, file, kind, version string) *jsonschema.Schema {
	t.Helper()
	for _, crd := range documents(t, filepath.Join(dir, file)) {
		if at(crd, "spec", "names", "kind") != kind {
			continue
		}
		versions, _ := at(crd, "spec", "versions").([]any)
		for _, v := range versions {
			if at(v, "name") != version {
				continue
			}
			spec := at(v, "schema", "openAPIV3Schema", "properties", "spec")
			strict(spec)
			c := jsonschema.NewCompiler()
			if err := c.AddResource("spec.json", plainJSON(t, spec)); err != nil {
				t.Fatal(err)
			}
			s, err := c.Compile("spec.json")
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	}
	t.Fatalf("no CRD of %s %s in %s", kind, version, file)
	return nil
}

// plainJSON turns what YAML decodes to into what JSON does.
func plainJSON(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestManifests checks the manifests against the schemas that a cluster checks
// them with, and their plugin configurations with the plugin itself.
func TestManifests(t *testing.T) {
	root, err := process.Root()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"istio-wasm.yaml", "envoy-gateway-wasm.yaml"} {
		for _, doc := range documents(t, filepath.Join(root, "deploy", "kubernetes", file)) {
			kind, _ := doc["kind"].(string)
			t.Run(kind, func(t *testing.T) { checkManifest(t, kind, doc) })
		}
	}
}

func checkManifest(t *testing.T, kind string, doc map[string]any) {
	for _, config := range []any{at(doc, "spec", "pluginConfig"), at(doc, "spec", "wasm", 0, "config")} {
		if config == nil {
			continue
		}
		text, err := json.Marshal(config)
		if err != nil {
			t.Fatal(err)
		}
		plugin(t, string(text))
	}
	group, version, _ := strings.Cut(doc["apiVersion"].(string), "/")
	for _, c := range crds {
		if c.kind != kind {
			continue
		}
		s := schema(t, download(t, c.module, c.sum), c.file, kind, version)
		if err := s.Validate(plainJSON(t, doc["spec"])); err != nil {
			t.Errorf("%s %s: %v", group, kind, err)
		}
		doc["spec"].(map[string]any)["failStrateg"] = "x"
		if err := s.Validate(plainJSON(t, doc["spec"])); err == nil {
			t.Error("a typing error is not noticed")
		}
		return
	}
	t.Errorf("no schema for %s", kind)
}
