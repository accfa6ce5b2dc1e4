package deploy

import (
	"encoding/json"
	"fmt"
	"strings"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	envoyv1alpha1 "github.com/envoyproxy/gateway/api/v1alpha1"
	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	istioextensions "istio.io/api/extensions/v1alpha1"
	istionetworking "istio.io/api/networking/v1"
	istiosecurity "istio.io/api/security/v1"
	gatewayv1alpha3 "sigs.k8s.io/gateway-api/apis/v1alpha3"
	"sigs.k8s.io/yaml"
)

// custom kinds, by apiVersion and kind: those with a type of the project's own
// API module …
var typed = map[string]func() any{
	"monitoring.coreos.com/v1 ServiceMonitor":             func() any { return &monitoringv1.ServiceMonitor{} },
	"cert-manager.io/v1 Certificate":                      func() any { return &certmanagerv1.Certificate{} },
	"gateway.envoyproxy.io/v1alpha1 EnvoyExtensionPolicy": func() any { return &envoyv1alpha1.EnvoyExtensionPolicy{} },
	"gateway.envoyproxy.io/v1alpha1 EnvoyProxy":           func() any { return &envoyv1alpha1.EnvoyProxy{} },
	"gateway.envoyproxy.io/v1alpha1 ClientTrafficPolicy":  func() any { return &envoyv1alpha1.ClientTrafficPolicy{} },
	"gateway.networking.k8s.io/v1alpha3 BackendTLSPolicy": func() any { return &gatewayv1alpha3.BackendTLSPolicy{} },
}

// … those whose spec is a message of Istio's API …
var messages = map[string]func() proto.Message{
	"security.istio.io/v1 AuthorizationPolicy": func() proto.Message { return &istiosecurity.AuthorizationPolicy{} },
	"networking.istio.io/v1 DestinationRule":   func() proto.Message { return &istionetworking.DestinationRule{} },
	"extensions.istio.io/v1alpha1 WasmPlugin":  func() proto.Message { return &istioextensions.WasmPlugin{} },
}

// … and those of which there is no API module that does not bring the whole
// gateway: the members named here, all of them and no others, and what is in them
// as the plugins and Traefik read it.
var members = map[string]struct {
	names string
	check func(object map[string]any) error
}{
	"configuration.konghq.com/v1 KongPlugin": {"apiVersion config kind metadata plugin", checkKong},
	"traefik.io/v1alpha1 Middleware":         {"apiVersion kind metadata spec", checkMiddleware},
	"traefik.io/v1alpha1 IngressRoute":       {"apiVersion kind metadata spec", checkRoute},
}

// checkCustom checks an object of a kind that is no part of Kubernetes.
func checkCustom(c *custom, doc string) error {
	name := c.APIVersion + " " + c.Kind
	if made := typed[name]; made != nil {
		return yaml.UnmarshalStrict([]byte(doc), made())
	}
	if made := messages[name]; made != nil {
		spec, err := json.Marshal(c.Object["spec"])
		if err != nil {
			return err
		}
		return protojson.Unmarshal(spec, made()) // strict
	}
	want, ok := members[name]
	if !ok {
		return fmt.Errorf("no schema of %s", name)
	}
	for key := range c.Object {
		if !strings.Contains(" "+want.names+" ", " "+key+" ") {
			return fmt.Errorf("%s has a member %s", name, key)
		}
	}
	if len(c.Object) != len(strings.Fields(want.names)) {
		return fmt.Errorf("%s lacks one of %s", name, want.names)
	}
	return want.check(c.Object)
}
