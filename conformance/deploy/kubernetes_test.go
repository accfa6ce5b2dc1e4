package deploy

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	istiomesh "istio.io/api/mesh/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"sigs.k8s.io/yaml"
)

const manifests = root + "/deploy/kubernetes/"

// TestManifests decodes every example strictly, and once more with a typing
// error, which must be noticed.
func TestManifests(t *testing.T) {
	files, err := filepath.Glob(manifests + "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"envoy-gateway.yaml":      "BackendTLSPolicy ClientTrafficPolicy EnvoyExtensionPolicy EnvoyProxy",
		"envoy-gateway-wasm.yaml": "ClientTrafficPolicy EnvoyExtensionPolicy",
		"ingress-nginx.yaml":      "ConfigMap Ingress",
		"istio.yaml":              "AuthorizationPolicy DestinationRule",
		"istio-wasm.yaml":         "WasmPlugin",
		"kong.yaml":               "Ingress KongPlugin",
		"traefik.yaml":            "IngressRoute Middleware",
	}
	for _, path := range files {
		name := filepath.Base(path)
		if name == "istio-mesh.yaml" || strings.HasSuffix(name, "-values.yaml") {
			continue // values of charts, below
		}
		t.Run(name, func(t *testing.T) {
			objects := objects(t, map[string]string{name: string(file(t, path))})
			if got := kinds(objects); got != want[name] {
				t.Errorf("kinds %s, want %s", got, want[name])
			}
			delete(want, name)
			for _, doc := range documents(t, string(file(t, path))) {
				if _, err := decode(misspell(doc)); err == nil {
					t.Errorf("a typing error is not noticed in\n%s", misspell(doc))
				}
			}
		})
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
}

// misspell misspells the first member of what an object is about.
func misspell(doc string) string {
	for _, member := range []string{"\nspec:\n  ", "\ndata:", "\nconfig:"} {
		if i := strings.Index(doc, member); i >= 0 {
			if strings.Contains(doc, "traefik.io/") || !strings.HasPrefix(member, "\nspec") {
				return strings.Replace(doc, strings.TrimSpace(member), strings.TrimSuffix(strings.TrimSpace(member), ":")+"s:", 1)
			}
			return doc[:i+len(member)] + "x" + doc[i+len(member):]
		}
	}
	return doc
}

// TestIstioMesh decodes the mesh configuration by its own message, and compares
// the provider with what asks for it and with the chart's Service.
func TestIstioMesh(t *testing.T) {
	var values struct{ MeshConfig json.RawMessage }
	if err := yaml.UnmarshalStrict(file(t, manifests+"istio-mesh.yaml"), &values); err != nil {
		t.Fatal(err)
	}
	var mesh istiomesh.MeshConfig
	if err := protojson.Unmarshal(values.MeshConfig, &mesh); err != nil {
		t.Fatal(err)
	}
	p := mesh.ExtensionProviders[0]
	host := p.GetEnvoyExtAuthzGrpc().GetService()
	if istio := string(file(t, manifests+"istio.yaml")); !strings.Contains(istio, "name: "+p.Name+"\n") || !strings.Contains(istio, "host: "+host+"\n") {
		t.Errorf("istio.yaml does not name provider %s at %s", p.Name, host)
	}
	if ports := servicePorts(t); !slices.Contains(ports, int32(p.GetEnvoyExtAuthzGrpc().GetPort())) {
		t.Errorf("port %d is none of %v", p.GetEnvoyExtAuthzGrpc().GetPort(), ports)
	}
}

// servicePorts are the ports of the chart's Service, whose name as release "waf"
// in "edge" is the one that the examples use.
func servicePorts(t *testing.T) (ports []int32) {
	t.Helper()
	files, err := render(t, string(file(t, "testdata/least.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range objects(t, files) {
		if s, ok := o.(*corev1.Service); ok {
			if s.Name != "waf-glacis" {
				t.Errorf("the service is called %s", s.Name)
			}
			for _, p := range s.Spec.Ports {
				ports = append(ports, p.Port)
			}
		}
	}
	return ports
}

// TestIngressNginx gives the controller's extra container to the real command and
// the Pod Security check, and looks whether the Ingress names what is there.
func TestIngressNginx(t *testing.T) {
	var values struct {
		Controller struct {
			Config          map[string]string
			ExtraContainers []corev1.Container
			ExtraVolumes    []corev1.Volume
		}
	}
	if err := yaml.UnmarshalStrict(file(t, manifests+"ingress-nginx-values.yaml"), &values); err != nil {
		t.Fatal(err)
	}
	c := values.Controller.ExtraContainers[0]
	yes, no := true, false
	restricted(t, &corev1.PodSpec{Containers: []corev1.Container{c}, Volumes: values.Controller.ExtraVolumes, AutomountServiceAccountToken: &no,
		SecurityContext: &corev1.PodSecurityContext{RunAsNonRoot: &yes, SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}}})
	var settings map[string]string
	for _, o := range objects(t, map[string]string{"f": string(file(t, manifests+"ingress-nginx.yaml"))}) {
		switch o := o.(type) {
		case *networkingv1.Ingress:
			settings = o.Annotations
		case *corev1.ConfigMap:
			defer func() {
				if named := settings["nginx.ingress.kubernetes.io/auth-proxy-set-headers"]; named != o.Namespace+"/"+o.Name {
					t.Errorf("the Ingress takes headers from %s", named)
				}
			}()
		}
	}
	url := settings["nginx.ingress.kubernetes.io/auth-url"]
	listen, _, ok := strings.Cut(strings.TrimPrefix(url, "http://"), "/")
	if !ok || !slices.Contains(c.Args, "--http="+listen) {
		t.Errorf("the Ingress asks %s, the container has %q", url, c.Args)
	}
}
