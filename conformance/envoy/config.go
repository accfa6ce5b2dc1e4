package envoy

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"github.com/glacis-waf/glacis/conformance/internal/process"
)

// Options say what of deploy/envoy/envoy.yaml is different in a run.
type Options struct {
	// Version is that of Envoy, such as "1.40.0".
	Version string
	// Upstream is the address of the backend, "host:port".
	Upstream string
	// Plugin is the plugin's configuration; nil leaves the filter out.
	Plugin map[string]any
	// ContinueAtHeaders leaves allow_on_headers_stop_iteration out, as Istio and
	// Envoy Gateway do.
	ContinueAtHeaders bool
	// Sidecar is the address of a cluster named "sidecar"; "" for none.
	Sidecar string
	// BufferLimit is per_connection_buffer_limit_bytes; 0 for Envoy's default.
	BufferLimit int
	// Workers is the number of worker threads; 0 means 1.
	Workers int
	// Change may change the configuration further.
	Change func(config map[string]any)
}

// at walks down a decoded YAML document: strings are keys, numbers indexes.
func at(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, ok := v.(map[string]any)
			if !ok {
				return nil
			}
			v = m[p]
		case int:
			l, ok := v.([]any)
			if !ok || p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

// Manager returns the connection manager of a configuration.
func Manager(config map[string]any) map[string]any {
	m, _ := at(config, "static_resources", "listeners", 0, "filter_chains", 0, "filters", 0, "typed_config").(map[string]any)
	return m
}

// Plugin returns the plugin's part of a configuration.
func Plugin(config map[string]any) map[string]any {
	m, _ := at(Manager(config), "http_filters", 0, "typed_config", "config").(map[string]any)
	return m
}

// configure writes the configuration of a run: the example as it is shipped,
// with ports, files and addresses of the run.
func configure(dir string, o Options) (string, error) {
	root, err := process.Root()
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(filepath.Join(root, "deploy", "envoy", "envoy.yaml"))
	if err != nil {
		return "", fmt.Errorf("read example: %w", err)
	}
	var config map[string]any
	if err := yaml.Unmarshal(text, &config); err != nil {
		return "", fmt.Errorf("read example: %w", err)
	}
	if err := o.apply(config); err != nil {
		return "", err
	}
	if text, err = yaml.Marshal(config); err != nil {
		return "", fmt.Errorf("write configuration: %w", err)
	}
	file := filepath.Join(dir, "envoy.yaml")
	return file, os.WriteFile(file, text, 0o600)
}

func (o *Options) apply(config map[string]any) error {
	set := func(v any, key string, value any) {
		if m, ok := v.(map[string]any); ok {
			m[key] = value
		}
	}
	set(at(config, "admin", "address", "socket_address"), "port_value", 0)
	listener := at(config, "static_resources", "listeners", 0)
	set(at(listener, "address", "socket_address"), "port_value", 0)
	set(at(listener, "address", "socket_address"), "address", "127.0.0.1")
	if o.BufferLimit > 0 {
		set(listener, "per_connection_buffer_limit_bytes", o.BufferLimit)
	}
	upstream, err := cluster("upstream", o.Upstream)
	if err != nil {
		return err
	}
	clusters := []any{upstream}
	if o.Sidecar != "" {
		sidecar, err := cluster("sidecar", o.Sidecar)
		if err != nil {
			return err
		}
		clusters = append(clusters, sidecar)
	}
	set(at(config, "static_resources"), "clusters", clusters)
	if o.Plugin == nil {
		manager := Manager(config)
		manager["http_filters"] = manager["http_filters"].([]any)[1:]
	} else if err := o.plugin(Plugin(config)); err != nil {
		return err
	}
	if o.Change != nil {
		o.Change(config)
	}
	return nil
}

func (o *Options) plugin(p map[string]any) error {
	guest, err := Guest()
	if err != nil {
		return err
	}
	at(p, "vm_config", "code", "local").(map[string]any)["filename"] = guest
	if o.ContinueAtHeaders {
		delete(p, "allow_on_headers_stop_iteration")
	}
	value, err := json.Marshal(o.Plugin)
	if err != nil {
		return fmt.Errorf("write plugin configuration: %w", err)
	}
	p["configuration"].(map[string]any)["value"] = string(value)
	return nil
}
