{{- /* Labels that select one service's pods. */}}
{{- define "fuju.selector" -}}
app.kubernetes.io/name: fuju-{{ .service }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "fuju.labels" -}}
{{ include "fuju.selector" . }}
app.kubernetes.io/part-of: fuju
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "fuju.fullname" -}}
{{ .root.Release.Name }}-{{ .service }}
{{- end }}

{{- /* Flags that every service gets. */}}
{{- define "fuju.flags" -}}
- --flagfile=/opt/fuju/profiles/{{ .root.Values.profile }}/{{ .service }}.flags
- --redis={{ if .root.Values.redis.addresses }}{{ join "," .root.Values.redis.addresses }}{{ else }}{{ .root.Values.redis.host }}:{{ .root.Values.redis.port }}{{ end }}
- --redis_mode={{ .root.Values.redis.mode }}
{{- with .root.Values.redis.primaryName }}
- --redis_primary_name={{ . }}
{{- end }}
- --redis_user={{ .service }}
- --redis_password_file=/run/secrets/redis/{{ .service }}
- --partitions={{ .root.Values.partitions }}
- --listen=0.0.0.0:8080
- --metrics_listen=0.0.0.0:9090
- --data_dir=/opt/fuju/data/gansu
{{- end }}

{{- /* The pod of a service. Takes root, service, flags (list), mounts and volumes (lists), resources. */}}
{{- define "fuju.pod" -}}
metadata:
  labels:
    {{- include "fuju.labels" . | nindent 4 }}
  annotations:
    prometheus.io/scrape: "true"
    prometheus.io/port: "9090"
spec:
  # Longer than --drain_ms, so that running calls and reactions end by themselves.
  terminationGracePeriodSeconds: 45
  automountServiceAccountToken: false
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    fsGroup: 10001
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: {{ .service }}
      image: "{{ .root.Values.image.repository }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}"
      imagePullPolicy: {{ .root.Values.image.pullPolicy | default "IfNotPresent" }}
      command: [fuju-{{ .service }}]
      args:
        {{- include "fuju.flags" . | nindent 8 }}
        {{- range .flags }}
        - {{ . }}
        {{- end }}
      ports:
        - name: grpc
          containerPort: 8080
        - name: metrics
          containerPort: 9090
        {{- range .ports }}
        - name: {{ .name }}
          containerPort: {{ .port }}
        {{- end }}
      readinessProbe:
        grpc:
          port: 8080
        periodSeconds: 5
      livenessProbe:
        tcpSocket:
          port: metrics
        initialDelaySeconds: 60
        periodSeconds: 20
      resources:
        {{- toYaml .resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        - name: redis-password
          mountPath: /run/secrets/redis
          readOnly: true
        {{- range .mounts }}
        - {{ toYaml . | nindent 10 | trim }}
        {{- end }}
  volumes:
    - name: redis-password
      secret:
        secretName: {{ .root.Values.secrets.redisPasswords }}
        items:
          - key: {{ .service }}
            path: {{ .service }}
    {{- range .volumes }}
    - {{ toYaml . | nindent 6 | trim }}
    {{- end }}
{{- end }}

{{- /* Deployment, Service and PodDisruptionBudget of a service without a disk. */}}
{{- define "fuju.service" -}}
{{- $values := index .root.Values .service }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "fuju.fullname" . }}
  labels:
    {{- include "fuju.labels" . | nindent 4 }}
spec:
  replicas: {{ $values.replicas }}
  selector:
    matchLabels:
      {{- include "fuju.selector" . | nindent 6 }}
  template:
    {{- include "fuju.pod" (merge (dict "resources" ($values.resources | default dict)) .) | nindent 4 }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "fuju.fullname" . }}
  labels:
    {{- include "fuju.labels" . | nindent 4 }}
spec:
  selector:
    {{- include "fuju.selector" . | nindent 4 }}
  ports:
    - name: grpc
      port: 8080
      targetPort: grpc
      appProtocol: grpc
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "fuju.fullname" . }}
  labels:
    {{- include "fuju.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "fuju.selector" . | nindent 6 }}
{{- end }}
