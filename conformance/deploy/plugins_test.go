package deploy

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/go-viper/mapstructure/v2"

	"github.com/glacis-waf/glacis/plugins/traefik"
)

// checkKong looks for the plugin's name. Its settings are given to the plugin's
// own parser by TestExamples of plugins/kong, which would bring what that plugin
// depends on into this module.
func checkKong(object map[string]any) error {
	if object["plugin"] != "glacis" {
		return fmt.Errorf("plugin %v, want glacis", object["plugin"])
	}
	return nil
}

// checkMiddleware decodes the settings of a Middleware as Traefik does (weakly
// typed, names without regard to case, what is unknown into the field for it) and
// has the plugin make its handler of them, which refuses what it does not know.
func checkMiddleware(object map[string]any) error {
	var spec struct {
		Plugin map[string]map[string]any
	}
	if err := into(&spec, object["spec"], false); err != nil {
		return err
	}
	if len(spec.Plugin) != 1 || spec.Plugin["glacis"] == nil {
		return fmt.Errorf("plugins %v, want glacis alone", spec.Plugin)
	}
	config := traefik.CreateConfig()
	if err := into(config, spec.Plugin["glacis"], true); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := traefik.New(ctx, http.NotFoundHandler(), config, "glacis")
	return err
}

// route is the spec of an IngressRoute, as far as the examples go.
type route struct {
	EntryPoints []string
	Routes      []struct {
		Kind, Match string
		Middlewares []struct{ Name, Namespace string }
		Services    []struct {
			Name string
			Port int
		}
	}
}

// checkRoute looks whether an IngressRoute has nothing but members that Traefik
// knows and something in each that it needs.
func checkRoute(object map[string]any) error {
	var r route
	if err := into(&r, object["spec"], false); err != nil {
		return err
	}
	for _, one := range r.Routes {
		if one.Kind != "Rule" || one.Match == "" || len(one.Services) != 1 || len(one.Middlewares) != 1 || one.Middlewares[0].Name != "glacis" {
			return fmt.Errorf("route %+v", one)
		}
	}
	if len(r.Routes) == 0 || len(r.EntryPoints) == 0 {
		return fmt.Errorf("no routes or no entry points in %+v", r)
	}
	return nil
}

// into decodes a value into a struct, weakly typed or with unknown members as an
// error.
func into(to, value any, weak bool) error {
	c := &mapstructure.DecoderConfig{Result: to, WeaklyTypedInput: weak, ErrorUnused: !weak}
	if !weak {
		// As Kubernetes: with regard to case.
		c.MatchName = func(key, field string) bool { return key == strings.ToLower(field[:1])+field[1:] }
	}
	d, err := mapstructure.NewDecoder(c)
	if err != nil {
		return err
	}
	return d.Decode(value)
}

// TestManifestSettings misspells what stands below the top of the examples: a
// setting of a plugin, a value of one, a member of a route.
func TestManifestSettings(t *testing.T) {
	for _, c := range []struct{ file, from, to, want string }{
		{"kong.yaml", "plugin: glacis", "plugin: glacier", "plugin glacier"},
		{"traefik.yaml", "      engine: auto", "      engines: auto", "engines: no such option; did you mean engine?"},
		{"traefik.yaml", "mode: detect", "mode: detected", "mode: detected"},
		{"traefik.yaml", "    glacis:\n", "    glacier:\n", "want glacis alone"},
		{"traefik.yaml", "  plugin:", "  plugins:", "plugins"},
		{"traefik.yaml", "entryPoints:", "entrypoints:", "entrypoints"},
		{"traefik.yaml", "          port: 80", "          ports: 80", "ports"},
		{"traefik.yaml", "        - name: glacis", "        - name: other", "other"},
	} {
		text := string(file(t, manifests+c.file))
		if !strings.Contains(text, c.from) {
			t.Errorf("%s: there is no %q", c.file, c.from)
		}
		var said string
		for _, doc := range documents(t, strings.Replace(text, c.from, c.to, 1)) {
			if _, err := decode(doc); err != nil {
				said += err.Error()
			}
		}
		if !strings.Contains(said, c.want) {
			t.Errorf("%s with %q: %q, want %q", c.file, c.to, said, c.want)
		}
	}
}
