import { loadAll } from 'js-yaml';
import { placeManifests } from '../src/manifest/lens/names';
import { objectReader } from '../src/syntax/yaml/objects';
import * as yaml from '../src/syntax/yaml/parse';
import type { Row } from './language';
import { formatMs, inPieces, median, times } from './measure';

const documents = 2000;

/** A Service of about 600 bytes, as Helm charts render them. */
function service(i: number): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: svc-${i}
  namespace: ns-${i % 50}
  labels:
    app.kubernetes.io/name: svc-${i}
    app.kubernetes.io/part-of: shop
    helm.sh/chart: shop-1.2.3
  annotations:
    description: "Number ${i} of the shop's Services"
spec:
  type: ClusterIP
  selector:
    app: svc-${i} # the Deployment beside it
  ports:
    - name: http
      port: 80
      targetPort: 8080
      protocol: TCP
`;
}

/** A Deployment of about 1.2 kB. */
function deployment(i: number): string {
  const variables = Array.from(
    { length: 22 },
    (_, n) => `            - name: V${n}\n              value: "${n}"\n`,
  );
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: d-${i}
spec:
  selector:
    matchLabels: { app: d-${i} }
  template:
    metadata:
      labels: { app: d-${i} }
    spec:
      containers:
        - name: main
          image: example.com/shop/d-${i}:1.2
          env:
${variables.join('')}`;
}

function measureText(name: string, texts: string[]): Row[] {
  const text = texts.join('---\n');
  const title = `${(text.length / 1e6).toFixed(1)} MB, ${texts.length} documents, ${name}`;
  let longest = 0;
  const reference = median(times(5, () => loadAll(text)));
  const first = times(5, () => {
    const reader = objectReader(yaml, ['Service', 'EndpointSlice', 'Endpoints']);
    const { value, longest: piece } = inPieces(reader(text));
    longest = Math.max(longest, piece);
    return inPieces(placeManifests(value, []));
  });
  const reader = objectReader(yaml, ['Service', 'EndpointSlice', 'Endpoints']);
  inPieces(reader(text));
  const edit = times(31, (i) => {
    const at = (i * 7919) % texts.length;
    texts[at] = `${texts[at]}# edited\n`;
    return inPieces(placeManifests(inPieces(reader(texts.join('---\n'))).value, []));
  });
  return [
    [`${title}: js-yaml loadAll`, formatMs(reference), ''],
    [`${title}: lenses`, formatMs(median(first)), '100 ms'],
    [`${title}: lenses / loadAll`, (median(first) / reference).toFixed(2), ''],
    [`${title}: longest piece`, formatMs(longest), '50 ms'],
    [`${title}: lenses after an edit`, formatMs(median(edit)), ''],
  ];
}

/** From a text of manifests to the places of its lenses, beside a parser without positions. */
export function measureManifests(): Row[] {
  const mixed = Array.from({ length: documents }, (_, i) =>
    i % 8 === 0 ? service(i) : deployment(i),
  );
  const services = Array.from({ length: documents }, (_, i) => service(i));
  return [
    ...measureText('an eighth Services', mixed),
    ...measureText('all Services', services),
    ...measureText('one List of Services', [listOf(services)]),
  ];
}

function listOf(texts: readonly string[]): string {
  const items = texts.map((text) => `  - ${text.trimEnd().replaceAll('\n', '\n    ')}\n`);
  return `apiVersion: v1\nkind: List\nitems:\n${items.join('')}`;
}
