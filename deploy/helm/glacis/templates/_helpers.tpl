{{/* Names and labels. */}}
{{- define "glacis.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 52 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "glacis.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "glacis.labels" -}}
{{ include "glacis.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* The Secret with the certificate; without one there is nothing to install. */}}
{{- define "glacis.tlsSecret" -}}
{{- if .Values.tls.secretName }}{{ .Values.tls.secretName }}
{{- else if .Values.tls.certManager.issuerRef }}{{ include "glacis.name" . }}-tls
{{- else }}{{ fail "tls.secretName or tls.certManager.issuerRef is required: the sidecar does not listen beyond its pod without TLS" }}
{{- end }}
{{- end }}

{{- define "glacis.checks" -}}
{{- if not (or .Values.auth.tokenSecretName .Values.auth.clientCaSecretName) }}{{ fail "auth.tokenSecretName or auth.clientCaSecretName is required: the sidecar does not listen beyond its pod for strangers" }}{{ end }}
{{- if and .Values.auth.operatorTokenSecretName (eq .Values.auth.operatorTokenSecretName .Values.auth.tokenSecretName) (eq .Values.auth.operatorTokenSecretKey .Values.auth.tokenSecretKey) }}{{ fail "auth.operatorTokenSecretName and auth.tokenSecretName name the same token: the sidecar does not start with that" }}{{ end }}
{{- if and .Values.learning.enabled (ne (int .Values.replicas) 1) }}{{ fail "learning.enabled needs replicas: 1, what is learned is one process's" }}{{ end }}
{{- if and .Values.serviceMonitor.enabled (not .Values.auth.tokenSecretName) }}{{ fail "serviceMonitor.enabled needs auth.tokenSecretName, with which Prometheus asks" }}{{ end }}
{{- end }}
