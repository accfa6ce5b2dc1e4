package deploy

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// root is the repository.
const root = "../.."

// chartDir is the chart.
const chartDir = root + "/deploy/helm/glacis"

// render fills in the chart's templates as helm template does, values checked
// with their schema.
func render(t *testing.T, values string) (map[string]string, error) {
	t.Helper()
	chart, err := loader.Load(chartDir)
	if err != nil {
		t.Fatal(err)
	}
	given, err := chartutil.ReadValues([]byte(values))
	if err != nil {
		t.Fatal(err)
	}
	all, err := chartutil.ToRenderValues(chart, given, chartutil.ReleaseOptions{Name: "waf", Namespace: "edge", Revision: 1, IsInstall: true},
		chartutil.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	return engine.Render(chart, all)
}

// objects decodes everything a chart renders.
func objects(t *testing.T, files map[string]string) (all []any) {
	t.Helper()
	for name, text := range files {
		if filepath.Ext(name) == ".txt" {
			continue
		}
		for _, doc := range documents(t, text) {
			object, err := decode(doc)
			if err != nil {
				t.Errorf("%s: %v\n%s", name, err, text)
				continue
			}
			all = append(all, object)
		}
	}
	return all
}

// values are sets of values with the kinds that must come of them.
var values = []struct{ name, file, kinds string }{
	{"least", "testdata/least.yaml", "Deployment NetworkPolicy PodDisruptionBudget Service ServiceAccount"},
	{"model in a ConfigMap", "testdata/configmap.yaml", "Deployment NetworkPolicy PodDisruptionBudget Service ServiceAccount"},
	{"everything", "testdata/everything.yaml", "Certificate ConfigMap NetworkPolicy Service ServiceAccount ServiceMonitor StatefulSet"},
}

func TestChartLint(t *testing.T) {
	for _, v := range values {
		var given map[string]any
		if err := yaml.Unmarshal(file(t, v.file), &given); err != nil {
			t.Fatal(err)
		}
		result := lint.AllWithKubeVersion(chartDir, given, "edge", nil)
		for _, m := range result.Messages {
			if m.Severity > support.InfoSev {
				t.Errorf("%s: %s", v.name, m)
			}
		}
	}
}

func TestChartRenders(t *testing.T) {
	for _, v := range values {
		t.Run(v.name, func(t *testing.T) {
			files, err := render(t, string(file(t, v.file)))
			if err != nil {
				t.Fatal(err)
			}
			got := objects(t, files)
			if names := kinds(got); names != v.kinds {
				t.Errorf("kinds %s, want %s", names, v.kinds)
			}
			for _, object := range got {
				if pod := podOf(object); pod != nil {
					restricted(t, pod, claimsOf(object)...)
					command(t, pod)
				}
			}
		})
	}
}

// TestChartRefuses renders values that must not pass, by the schema or by the
// chart's own checks.
func TestChartRefuses(t *testing.T) {
	for values, reason := range map[string]string{
		"auth: {tokenSecretName: b}": "tls.secretName or tls.certManager.issuerRef is required",
		"tls: {secretName: a}":       "auth.tokenSecretName or auth.clientCaSecretName is required",
		"tls: {secretName: a}\nauth: {tokenSecretName: b, operatorTokenSecretName: b}":                        "name the same token",
		"tls: {secretName: a}\nauth: {tokenSecretName: b}\nlearning: {enabled: true}":                         "replicas: 1",
		"tls: {secretName: a}\nauth: {clientCaSecretName: b}\nserviceMonitor: {enabled: true}":                "needs auth.tokenSecretName",
		"tls: {secretName: a}\nauth: {tokenSecretName: b}\nmode: soft":                                        "mode",
		"tls: {secretName: a}\nauth: {tokenSecretName: b}\nreplica: 3":                                        "replica",
		"tls: {secretName: a}\nauth: {tokenSecretName: b}\nimage: {repository: r, tag: x, pullPolicy: Maybe}": "pullPolicy",
	} {
		if _, err := render(t, values); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%q: %v, want %q", values, err, reason)
		}
	}
}

// TestChartValues compares values.yaml with the schema: every key has a
// description, every description a key.
func TestChartValues(t *testing.T) {
	var defaults map[string]any
	if err := yaml.Unmarshal(file(t, chartDir+"/values.yaml"), &defaults); err != nil {
		t.Fatal(err)
	}
	var schema node
	if err := json.Unmarshal(file(t, chartDir+"/values.schema.json"), &schema); err != nil {
		t.Fatal(err)
	}
	delete(schema.Properties, "global")
	compare(t, "", defaults, &schema)
}

// node is what is compared of a JSON schema.
type node struct {
	Description string
	Properties  map[string]*node
}

func compare(t *testing.T, path string, defaults map[string]any, schema *node) {
	for key, s := range schema.Properties {
		value, ok := defaults[key]
		if !ok || s.Description == "" {
			t.Errorf("%s%s: in values.yaml: %v, described: %v", path, key, ok, s.Description != "")
		}
		if below, ok := value.(map[string]any); ok && s.Properties != nil {
			compare(t, path+key+".", below, s)
		}
	}
	for key := range defaults {
		if schema.Properties[key] == nil {
			t.Errorf("%s%s is not in the schema", path, key)
		}
	}
}

// podOf returns the pod of a workload, nil of anything else.
func podOf(object any) *corev1.PodSpec {
	switch o := object.(type) {
	case *appsv1.Deployment:
		return &o.Spec.Template.Spec
	case *appsv1.StatefulSet:
		return &o.Spec.Template.Spec
	}
	return nil
}

// claimsOf names the volumes that a StatefulSet claims for each pod.
func claimsOf(object any) (names []string) {
	if o, ok := object.(*appsv1.StatefulSet); ok {
		for _, c := range o.Spec.VolumeClaimTemplates {
			names = append(names, c.Name)
		}
	}
	return names
}

func file(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// documents splits a YAML stream and leaves out what is empty.
func documents(t *testing.T, text string) (all []string) {
	t.Helper()
	for _, doc := range strings.Split("\n"+text, "\n---") {
		var v any
		if err := yaml.Unmarshal([]byte(doc), &v); err != nil {
			t.Fatalf("%v in\n%s", err, doc)
		}
		if v != nil {
			all = append(all, doc)
		}
	}
	return all
}
