import assert from 'node:assert/strict';
import { identifyChain, identityText } from '../../../src/core/kubeproxy/chainIdentity';
import { nameDictionary } from '../../../src/core/kubeproxy/dictionary';
import { endpointHashes, servicePortHashes } from '../../../src/core/kubeproxy/names';
import { readDump } from './dump';

const web = { namespace: 'shop', name: 'web', port: 'http' };
const other = { namespace: 'shop', name: 'api', port: 'http' };
const at = '10.244.0.3:3000';
const svc = `KUBE-SVC-${servicePortHashes(web, 'udp')[0]}`;
const sep = `KUBE-SEP-${endpointHashes(web, 'udp', at)[0]}`;
const dnat = `-p udp -m udp -j DNAT --to-destination ${at}`;
const comment = (text: string) => `-m comment --comment "${text}"`;

function identity(
  name: string,
  rules: readonly string[],
  { known = [] as readonly (typeof web)[], referrers = [] as readonly string[] } = {},
) {
  const lines = rules.map((rule) => `-A ${name} ${rule}`);
  const text = ['*nat', `:${name} - [0:0]`, ...lines, 'COMMIT', ''].join('\n');
  const names = nameDictionary();
  names.addKnown(known.map((servicePort) => ({ servicePort, protocol: 17 })));
  return identifyChain(readDump(text).tables.get('nat')!, name, names, referrers);
}

const proved = { servicePort: web, protocol: 'udp' };

suite('which Service port or endpoint a chain is of', () => {
  test('a name that is no hash of kube-proxy', () => {
    assert.equal(identity('KUBE-SERVICES', [comment('shop/web:http')]), undefined);
  });

  test('of a Service port: by its comment, under whichever protocol it hashes', () => {
    assert.deepEqual(identity(svc, [`${comment('shop/web:http cluster IP')} -j RETURN`]), proved);
  });

  test('of a Service port: by an object, though the chain is empty or not in the dump', () => {
    assert.deepEqual(identity(svc, [], { known: [web] }), proved);
    const names = nameDictionary();
    names.addKnown([{ servicePort: web, protocol: 17 }]);
    const { tables } = readDump('*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n');
    assert.deepEqual(identifyChain(tables.get('nat')!, svc, names), proved);
  });

  test('of an endpoint: by its comment alone, where no object is at hand', () => {
    assert.deepEqual(identity(sep, [`${comment('shop/web:http')} ${dnat}`]), {
      ...proved,
      endpoint: at,
    });
  });

  test('a comment that does not hash to the name is told apart', () => {
    const found = identity(svc, [`${comment('shop/api:http')} -j RETURN`]);
    assert.deepEqual(found, { disagreeing: other });
    assert.deepEqual(identity(svc, ['-j RETURN']), { disagreeing: undefined });
  });

  test('the first four rules name it; a later one is not read', () => {
    const plain = '-j KUBE-MARK-MASQ';
    const named = `${comment('shop/web:http')} -j RETURN`;
    assert.deepEqual(identity(svc, [plain, plain, plain, named]), proved);
    assert.deepEqual(identity(svc, [plain, plain, plain, plain, named]), {
      disagreeing: undefined,
    });
  });

  test('of an endpoint: by its comment, by the chain that leads to it, by an object', () => {
    const whole = { ...proved, endpoint: at };
    assert.deepEqual(identity(sep, [`${comment('shop/web:http')} ${dnat}`]), whole);
    assert.deepEqual(identity(sep, [dnat], { known: [web, other], referrers: [svc] }), whole);
    assert.deepEqual(identity(sep, [dnat], { known: [other, web] }), whole);
    // A chain of somebody else leads to it, too, and that of a Service of which no name is known.
    const referrers = ['MINE', `KUBE-SVC-${'A'.repeat(16)}`];
    assert.deepEqual(identity(sep, [dnat], { known: [web], referrers }), whole);
  });

  test('of an endpoint whose comment names another Service', () => {
    const found = identity(sep, [`${comment('shop/api:http')} ${dnat}`]);
    assert.deepEqual(found, { endpoint: at, disagreeing: other });
    assert.deepEqual(identity(sep, [dnat]), { endpoint: at, disagreeing: undefined });
  });

  test('without a DNAT to one address and port the hash of an endpoint proves nothing', () => {
    const known = [web];
    for (const rules of [[], ['-j RETURN'], ['-p udp -j DNAT --to-destination 10.244.0.3']]) {
      assert.deepEqual(identity(sep, rules, { known }), { disagreeing: undefined });
    }
  });

  test('in few words', () => {
    assert.equal(identityText({ ...proved, endpoint: at }), `shop/web:http, ${at}`);
    assert.equal(identityText({ servicePort: { ...web, port: '' } }), 'shop/web');
    assert.equal(identityText({ endpoint: at }), at);
    assert.equal(identityText({ disagreeing: web }), undefined);
  });
});
