import assert from 'node:assert/strict';
import { checkNode } from '../../../src/core/findings/checkNode';
import type { NodeState } from '../../../src/core/node';
import { indexObjects } from '../../../src/core/objects/objectIndex';
import type { IndexedObjects } from '../../../src/core/objects/types';
import { serviceOfSlice, type EndpointSliceObject } from '../../../src/core/objects/types';
import { finish } from '../../../src/core/work';
import { objectsOf, readTexts, textsIn } from '../../dumps';
import { rowIn } from '../flow/overview/sample';

type Endpoints = EndpointSliceObject['endpoints'];

/** The objects with other endpoints in the IPv4 slice of default/web. */
function edited(
  objects: IndexedObjects,
  edit: (endpoints: Endpoints) => Endpoints,
): IndexedObjects {
  const endpointSlices = objects.endpointSlices.map((slice) =>
    serviceOfSlice(slice) === 'web' && slice.addressType === 'IPv4'
      ? { ...slice, endpoints: edit(slice.endpoints) }
      : slice,
  );
  const sorted = { ...objects, endpointSlices };
  return indexObjects(sorted);
}

function messages(state: NodeState, objects: IndexedObjects, before: readonly string[] = []) {
  return finish(checkNode(state, { objects }))
    .map(({ code, message }) => `${code}: ${message}`)
    .filter((text) => !before.includes(text));
}

suite('one endpoint more or less is one fault, and All nodes says the same', () => {
  for (const cluster of [
    'kubernetes-1.36-iptables',
    'kubernetes-1.36-ipvs',
    'kubernetes-1.36-nftables',
  ]) {
    test(cluster, async () => {
      const state = await readTexts(textsIn(`samples/${cluster}/node-a`));
      const objects = await objectsOf(textsIn(`samples/${cluster}/objects`));
      const before = messages(state, objects);
      const [{ addresses } = { addresses: [''] }] = objects.endpointSlices.find(
        (slice) => serviceOfSlice(slice) === 'web' && slice.addressType === 'IPv4',
      )!.endpoints;
      const gone = `${addresses[0]}:8080`;

      const less = edited(objects, ([, ...others]) => others);
      const stale = messages(state, less, before);
      assert.deepEqual(
        stale.map((text) => text.split(':', 1)[0]),
        ['endpoint-stale'],
        stale.join('\n'),
      );
      assert.ok(stale[0]?.includes(`${gone} (in no EndpointSlice)`), stale[0]);
      const row = rowIn(state, 'default/web:http/TCP', less);
      assert.deepEqual(row.stale, { value: [`${gone} (in no EndpointSlice)`] });
      assert.deepEqual(row.missing, { value: [] });

      const more = edited(objects, ([first, ...others]) => [
        { ...first!, addresses: ['10.244.0.250'] },
        first!,
        ...others,
      ]);
      const missing = messages(state, more, before);
      assert.deepEqual(
        missing.map((text) => text.split(':', 1)[0]),
        ['endpoint-missing'],
        missing.join('\n'),
      );
      assert.deepEqual(rowIn(state, 'default/web:http/TCP', more).missing, {
        value: ['10.244.0.250:8080'],
      });
    }).timeout(60_000);
  }
});
