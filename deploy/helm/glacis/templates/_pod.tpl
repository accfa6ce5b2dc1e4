{{/* The pod, which Deployment and StatefulSet share. */}}
{{- define "glacis.pod" -}}
metadata:
  labels: {{- include "glacis.labels" . | nindent 4 }}
  {{- with .Values.podAnnotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "glacis.name" . }}
  # It never talks to the API server.
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- with .Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  # Pod Security Standard "restricted".
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    seccompProfile: {type: RuntimeDefault}
  terminationGracePeriodSeconds: 30
  containers:
    - name: glacis
      image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        - sidecar
        - --http=:9191
        # For probes only: they need no certificate there.
        - --http=unix:/run/glacis/http.sock
        - --grpc=:9192
        - --tls-cert=/etc/glacis/tls/tls.crt
        - --tls-key=/etc/glacis/tls/tls.key
        {{- if .Values.auth.tokenSecretName }}
        - --token-file=/etc/glacis/token/{{ .Values.auth.tokenSecretKey }}
        {{- end }}
        {{- if .Values.auth.operatorTokenSecretName }}
        - --operator-token-file=/etc/glacis/operator-token/{{ .Values.auth.operatorTokenSecretKey }}
        {{- end }}
        {{- if .Values.auth.clientCaSecretName }}
        - --client-ca=/etc/glacis/client-ca/ca.crt
        {{- end }}
        - --mode={{ .Values.mode }}
        - --confidence={{ .Values.confidence }}
        - --fail={{ .Values.failMode }}
        - --log={{ .Values.log }}
        - --max-body-bytes={{ int64 .Values.maxBodyBytes }}
        - --max-in-flight={{ int64 .Values.maxInFlight }}
        {{- if .Values.policy }}
        - --policy=/etc/glacis/policy/policy.yaml
        {{- end }}
        {{- if .Values.learning.enabled }}
        - --store=/var/lib/glacis
        {{- end }}
        {{- range .Values.extraArgs }}
        - {{ . | quote }}
        {{- end }}
      ports:
        - {name: http, containerPort: 9191}
        - {name: grpc, containerPort: 9192}
      # An image without a shell: the command asks itself.
      startupProbe:
        exec: {command: [/usr/local/bin/glacis, health, "unix:/run/glacis/http.sock"]}
        periodSeconds: 2
        timeoutSeconds: 5
        failureThreshold: 60
      readinessProbe:
        exec: {command: [/usr/local/bin/glacis, health, "unix:/run/glacis/http.sock"]}
        periodSeconds: 10
        timeoutSeconds: 5
      livenessProbe:
        tcpSocket: {port: http}
        periodSeconds: 20
        timeoutSeconds: 5
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      resources: {{- toYaml .Values.resources | nindent 8 }}
      volumeMounts:
        - {name: run, mountPath: /run/glacis}
        - {name: tls, mountPath: /etc/glacis/tls, readOnly: true}
        {{- if .Values.auth.tokenSecretName }}
        - {name: token, mountPath: /etc/glacis/token, readOnly: true}
        {{- end }}
        {{- if .Values.auth.operatorTokenSecretName }}
        - {name: operator-token, mountPath: /etc/glacis/operator-token, readOnly: true}
        {{- end }}
        {{- if .Values.auth.clientCaSecretName }}
        - {name: client-ca, mountPath: /etc/glacis/client-ca, readOnly: true}
        {{- end }}
        {{- if .Values.policy }}
        - {name: policy, mountPath: /etc/glacis/policy, readOnly: true}
        {{- end }}
        {{- if .Values.advancedModel.volume }}
        - {name: advanced-model, mountPath: /advanced-model, readOnly: true}
        {{- end }}
        {{- if .Values.advancedModel.keysConfigMapName }}
        - {name: model-keys, mountPath: /etc/glacis/model-keys, readOnly: true}
        {{- end }}
        {{- if .Values.learning.enabled }}
        - {name: store, mountPath: /var/lib/glacis}
        {{- end }}
  volumes:
    - name: run
      emptyDir: {medium: Memory, sizeLimit: 1Mi}
    - name: tls
      secret: {secretName: {{ include "glacis.tlsSecret" . }}, defaultMode: 0440}
    {{- if .Values.auth.tokenSecretName }}
    - name: token
      secret: {secretName: {{ .Values.auth.tokenSecretName }}, defaultMode: 0440}
    {{- end }}
    {{- if .Values.auth.operatorTokenSecretName }}
    - name: operator-token
      secret: {secretName: {{ .Values.auth.operatorTokenSecretName }}, defaultMode: 0440}
    {{- end }}
    {{- if .Values.auth.clientCaSecretName }}
    - name: client-ca
      secret: {secretName: {{ .Values.auth.clientCaSecretName }}, defaultMode: 0440}
    {{- end }}
    {{- if .Values.policy }}
    - name: policy
      configMap: {name: {{ include "glacis.name" . }}-policy}
    {{- end }}
    {{- with .Values.advancedModel.volume }}
    - name: advanced-model
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- if .Values.advancedModel.keysConfigMapName }}
    - name: model-keys
      configMap: {name: {{ .Values.advancedModel.keysConfigMapName }}}
    {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.topologySpreadConstraints }}
  topologySpreadConstraints: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
