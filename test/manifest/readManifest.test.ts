import assert from 'node:assert/strict';
import { placeManifests, type PlacedManifest } from '../../src/manifest/lens/names';
import { finish } from '../../src/core/work';
import { manifestsOf, objectsOf } from './helper';

function count(text: string): number {
  return manifestsOf(text).length;
}

const web = `
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  ports:
    - name: http
      port: 80
    - name: https
      port: 443
`;

suite('manifests that have a lens', () => {
  test('Services, EndpointSlices, Endpoints', () => {
    assert.equal(count(web), 1);
    const slice = [
      'apiVersion: discovery.k8s.io/v1',
      'kind: EndpointSlice',
      'metadata: {name: web-x, labels: {kubernetes.io/service-name: web}}',
    ].join('\n');
    assert.equal(manifestsOf(slice)[0]?.service, 'web');
    const endpoints = 'apiVersion: v1\nkind: Endpoints\nmetadata: {name: web}\n';
    assert.equal(manifestsOf(endpoints)[0]?.service, 'web');
    const [alone] = manifestsOf(slice.replace('service-name', 'other'));
    assert.equal(alone?.service, undefined);
  });

  test('ExternalName and headless Services need no ports', () => {
    const start = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\n';
    assert.equal(count(`${start}spec: {type: ExternalName, externalName: example.com}\n`), 1);
    assert.equal(count(`${start}spec: {clusterIP: None, selector: {app: web}}\n`), 1);
    assert.equal(count(`${start}spec: {selector: {app: web}}\n`), 0);
  });

  test('not: what Knative calls a Service', () => {
    assert.equal(count(web.replace('v1', 'serving.knative.dev/v1')), 0);
  });

  test('not: templates of Helm', () => {
    const template = `{{- if .Values.service.enabled }}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "web.fullname" . }}
  labels:
    {{- include "web.labels" . | nindent 4 }}
spec:
  type: {{ .Values.service.type }}
  ports:
    - port: {{ .Values.service.port }}
{{- end }}
`;
    assert.equal(count(template), 0);
    for (const [plain, templated] of [
      ['name: web', 'name: "{{ .Release.Name }}-web"'],
      ['name: web', 'name: {{ .Release.Name }}'],
      ['namespace: shop', 'namespace: {{ .Release.Namespace }}'],
      ['namespace: shop', 'namespace: "{{ .Release.Namespace }}"'],
      ['port: 80', 'port: {{ .Values.port }}'],
      ['port: 80', 'port: "{{ .Values.port }}"'],
      ['name: web', '{{- include "labels" . | nindent 2 }}\n  name: web'],
    ] as const) {
      assert.equal(count(web.replace(plain, templated)), 0, templated);
    }
  });

  test('not: patches of Kustomize', () => {
    const head = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n';
    assert.equal(count(head), 0);
    assert.equal(count(`${head}spec:\n  type: NodePort\n`), 0);
    assert.equal(count(`$patch: delete\n${web.trimStart()}`), 0);
    assert.equal(count('- op: replace\n  path: /kind\n  value: {kind: Service}\n'), 0);
  });
});

suite('manifests while somebody types', () => {
  /** The names after each text, each read on what the one before left. */
  const typed = (...texts: string[]) => {
    let placed: PlacedManifest[] = [];
    return texts.map((text) => {
      placed = finish(placeManifests(objectsOf(text), placed));
      return placed.map(({ manifest, start }) => `${manifest.name}@${start}`);
    });
  };

  test('a document that is broken for the moment keeps its lens, at its place now', () => {
    const other = web.replace('name: web', 'name: other');
    const whole = `${web}---${other}`;
    const broken = `# more${web.replace('name: https', 'name: "https')}---${other}`;
    assert.deepEqual(typed(whole, broken), [
      ['web@1', `other@${web.length + 4}`],
      ['web@7', `other@${broken.indexOf('---') + 4}`],
    ]);
  });

  test('one that was always broken has none, nor one that has become another', () => {
    const broken = web.replace('name: https', 'name: "https');
    assert.deepEqual(typed(broken), [[]]);
    assert.deepEqual(typed(web, broken.replace('name: web', 'name: new')), [['web@1'], []]);
    assert.deepEqual(typed(web, broken, broken, web), [['web@1'], ['web@1'], ['web@1'], ['web@1']]);
  });

  test('ports have places, too', () => {
    const [placed] = finish(placeManifests(objectsOf(web), []));
    assert.deepEqual(placed?.ports, [web.indexOf('name: http'), web.indexOf('name: https')]);
  });
});
