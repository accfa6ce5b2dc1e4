// Package deploy checks what lies in the repository's folder deploy: the
// Dockerfile is parsed by BuildKit, the compose files by Compose's own loader,
// the chart is linted and rendered by Helm's, and every manifest decoded into
// the types of the Kubernetes API, unknown fields being errors. What can run here
// runs: the gateways of the compose files start with the files' own commands and
// configurations, on this host, and refuse an attack.
//
// It is a module of its own, so that none of this is a dependency of Glacis.
package deploy
