import assert from 'node:assert/strict';
import { foundAt } from '../../../src/language/nft/found';
import { listingOf } from './listing';

const lines = [
  'table inet t {',
  '\tcounter web {',
  '\t\tpackets 12 bytes 720',
  '\t}',
  '\tmap ports {',
  '\t\ttype inet_service : counter',
  '\t\telements = { 80 : "web", 81 : "gone" }',
  '\t}',
  '\tmap ways {',
  '\t\ttype inet_service : verdict',
  '\t\telements = { 80 : goto c, 81 : drop }',
  '\t}',
  '\tmap given {',
  '\t\ttype inet_service : ipv4_addr',
  '\t\telements = { 80 : 10.0.0.1 }',
  '\t}',
  '\tchain c {',
  '\t}',
  '}',
];
const listing = listingOf(lines.join('\n'));

/** Kind, name and line of what the key of an element leads to, and the text that stands for it. */
function leadsTo(line: number, key: string): unknown {
  const found = foundAt(listing, line, lines[line]!.indexOf(key) + 1);
  if (!found) return undefined;
  const { kind, name, block, use } = found;
  return [kind, name, block?.line, lines[use.line]!.slice(use.start, use.end)];
}

suite('nft: what the key of an element leads to', () => {
  test('the chain of a verdict', () => {
    assert.deepEqual(leadsTo(10, '80'), ['chain', 'c', 16, '80 : goto c']);
    assert.equal(leadsTo(10, '81'), undefined);
  });

  test('the object that a map gives', () => {
    assert.deepEqual(leadsTo(6, '80'), ['counter', 'web', 1, '80 : "web"']);
  });

  test('an address or a mark that a map gives is no object', () => {
    assert.equal(leadsTo(14, '80'), undefined);
  });

  test('nothing beside the elements, in the type, and in a block or a table without elements', () => {
    assert.equal(foundAt(listing, 10, 0), undefined);
    assert.equal(leadsTo(9, 'inet_service'), undefined);
    for (const line of [0, 1, 17, 19]) assert.equal(foundAt(listing, line, 0), undefined);
  });

  test('from the first to the last column of the element', () => {
    const at = lines[10]!.indexOf('80');
    const last = lines[10]!.indexOf(', 81');
    const names = [at - 1, at, last, last + 1].map((column) => foundAt(listing, 10, column)?.name);
    assert.deepEqual(names, [undefined, 'c', 'c', undefined]);
  });
});
