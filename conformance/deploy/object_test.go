package deploy

import (
	"fmt"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// builtin are the kinds of the Kubernetes API that are used, by apiVersion and
// kind.
var builtin = map[string]func() any{
	"apps/v1 Deployment":                 func() any { return &appsv1.Deployment{} },
	"apps/v1 StatefulSet":                func() any { return &appsv1.StatefulSet{} },
	"v1 Service":                         func() any { return &corev1.Service{} },
	"v1 ServiceAccount":                  func() any { return &corev1.ServiceAccount{} },
	"v1 ConfigMap":                       func() any { return &corev1.ConfigMap{} },
	"v1 Secret":                          func() any { return &corev1.Secret{} },
	"v1 Namespace":                       func() any { return &corev1.Namespace{} },
	"networking.k8s.io/v1 Ingress":       func() any { return &networkingv1.Ingress{} },
	"networking.k8s.io/v1 NetworkPolicy": func() any { return &networkingv1.NetworkPolicy{} },
	"policy/v1 PodDisruptionBudget":      func() any { return &policyv1.PodDisruptionBudget{} },
}

// custom is an object of a kind that is no part of Kubernetes.
type custom struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Object            map[string]any `json:"-"`
}

// decode decodes a manifest strictly: a field that the API does not know, or
// that comes twice, is an error. Custom kinds are checked by their CRDs.
func decode(doc string) (any, error) {
	var head custom
	if err := yaml.Unmarshal([]byte(doc), &head); err != nil {
		return nil, err
	}
	if head.Name == "" && head.GenerateName == "" {
		return nil, fmt.Errorf("%s without a name", head.Kind)
	}
	if made := builtin[head.APIVersion+" "+head.Kind]; made != nil {
		object := made()
		return object, yaml.UnmarshalStrict([]byte(doc), object)
	}
	if err := yaml.UnmarshalStrict([]byte(doc), &head.Object); err != nil {
		return nil, err
	}
	return &head, checkCustom(&head, doc)
}

// kinds names the kinds of objects, sorted.
func kinds(objects []any) string {
	var names []string
	for _, o := range objects {
		if c, ok := o.(*custom); ok {
			names = append(names, c.Kind)
			continue
		}
		names = append(names, reflect.TypeOf(o).Elem().Name())
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// restricted checks the Pod Security Standard of that name, a read-only root, and
// that what is mounted is a volume or one of the claims.
func restricted(t *testing.T, pod *corev1.PodSpec, claims ...string) {
	t.Helper()
	s := pod.SecurityContext
	if s == nil || s.RunAsNonRoot == nil || !*s.RunAsNonRoot || s.SeccompProfile == nil || s.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault {
		t.Errorf("the pod's security context: %+v", s)
	}
	if pod.HostNetwork || pod.HostPID || pod.HostIPC || pod.AutomountServiceAccountToken == nil || *pod.AutomountServiceAccountToken {
		t.Error("the pod has the host's namespaces or a token")
	}
	for _, c := range append(pod.InitContainers, pod.Containers...) {
		s := c.SecurityContext
		if s == nil || s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation || s.ReadOnlyRootFilesystem == nil || !*s.ReadOnlyRootFilesystem ||
			s.Capabilities == nil || !slices.Equal(s.Capabilities.Drop, []corev1.Capability{"ALL"}) || len(s.Capabilities.Add) > 0 {
			t.Errorf("%s: security context %+v", c.Name, s)
		}
		mounted := map[string]bool{}
		for _, c := range claims {
			mounted[c] = true
		}
		for _, v := range pod.Volumes {
			mounted[v.Name] = true
			if v.HostPath != nil {
				t.Errorf("volume %s is of the host", v.Name)
			}
		}
		for _, m := range c.VolumeMounts {
			if !mounted[m.Name] {
				t.Errorf("%s mounts %s, which is no volume", c.Name, m.Name)
			}
		}
	}
}

// command gives the arguments of the glacis container to the real command, which
// must know every flag: it ends because the certificate is not there.
func command(t *testing.T, pod *corev1.PodSpec) {
	t.Helper()
	for _, c := range pod.Containers {
		if c.Name != "glacis" {
			continue
		}
		args := slices.DeleteFunc(slices.Clone(c.Args), func(a string) bool {
			return strings.HasPrefix(a, "--policy") || strings.HasPrefix(a, "--token-file") || strings.HasPrefix(a, "--operator-token-file") || strings.HasPrefix(a, "--store")
		})
		if len(args) == 0 {
			t.Fatal("no arguments")
		}
		out, err := exec.Command(glacis(t), args...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "/etc/glacis/tls/tls.crt: no such file") {
			t.Errorf("glacis %s: %v: %s", strings.Join(args, " "), err, out)
		}
		help, err := exec.Command(glacis(t), "sidecar", "--help").CombinedOutput()
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range c.Args[1:] {
			flag, _, _ := strings.Cut(a, "=")
			if !strings.Contains(string(help), flag+" ") {
				t.Errorf("glacis sidecar has no %s", flag)
			}
		}
	}
}
