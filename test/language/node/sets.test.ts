import assert from 'node:assert/strict';
import { nodeHoverAt } from '../../../src/language/node/hover';
import { toMarkdown } from '../../../src/workspace/hover/markdown';
import { contextOf, placeOf } from './context';

/** The paragraphs of the hover at a word, without Markdown's escapes and links. */
async function hover(
  texts: Readonly<Record<string, string>>,
  name: string,
  language: 'iptables-save' | 'ipset',
  word: string,
): Promise<readonly string[]> {
  const context = await contextOf(texts, name, language);
  const { line, column } = placeOf(context, word);
  const content = await nodeHoverAt(context, line, column);
  const text = content ? toMarkdown(content.blocks) : '';
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\\(.)/g, '$1')
    .split(/\n+/);
}

const rules = (...lines: string[]) => ({
  'iptables-save.txt': `*nat\n:C - [0:0]\n${lines.map((line) => `${line}\n`).join('')}COMMIT\n`,
});
const sets = (text: string) => ({ 'ipset-save.txt': text });
const ofSet = (texts: Readonly<Record<string, string>>, word: string) =>
  hover(texts, 'ipset-save.txt', 'ipset', word);
const inRule = (texts: Readonly<Record<string, string>>, word: string) =>
  hover(texts, 'iptables-save.txt', 'iptables-save', word);

suite('a set by its name, in the dump of sets', () => {
  const mine = 'create MINE hash:ip,port family inet\n';
  const names = '-A C -m set --match-set MINE dst,dst -j ACCEPT';

  test('its name and type, how many elements it has, and that no rules lie beside it', async () => {
    const [title, type, count, ...rest] = await ofSet(sets(mine), 'MINE');
    assert.equal(title, '**Set** `MINE`, `hash:ip,port`');
    assert.match(type!, /address/);
    assert.match(count!, /^No elements, .*line 1 of ipset-save\.txt.*\.$/);
    assert.deepEqual(rest, ['_Which rules name it is not known: the rules do not lie beside it._']);
  });

  test('one element, and two', async () => {
    const one = `${mine}add MINE 10.0.0.1,tcp:1\n`;
    assert.ok((await ofSet(sets(one), 'MINE')).some((text) => text.startsWith('1 element, ')));
    const two = `${one}add MINE 10.0.0.1,tcp:2\n`;
    assert.ok((await ofSet(sets(two), 'MINE')).some((text) => text.startsWith('2 elements, ')));
  });

  test('rules that are there, none of which names it', async () => {
    const said = await ofSet({ ...sets(mine), ...rules('-A C -j ACCEPT') }, 'MINE');
    assert.equal(said.at(-1), '_No rule of this node names it._');
  });

  test('the rule that names it, and several: chain, target where it has one, place', async () => {
    const one = await ofSet({ ...sets(mine), ...rules(names) }, 'MINE');
    assert.deepEqual(one.slice(-2), [
      'One rule names it:',
      '- `C` to `ACCEPT`, line 3 of iptables-save.txt',
    ]);
    const counted = `[3:180] ${names.replace('-j', '-g')}`;
    const bare = names.replace(' -j ACCEPT', '');
    const listed = `-I ${names.slice(3)}`;
    const several = await ofSet({ ...sets(mine), ...rules(counted, bare, listed) }, 'MINE');
    assert.deepEqual(several.slice(-4), [
      '3 rules name it:',
      '- `C` to `ACCEPT`, line 3 of iptables-save.txt',
      '- `C`, line 4 of iptables-save.txt',
      '- `C` to `ACCEPT`, line 5 of iptables-save.txt',
    ]);
  });

  test('sets of kube-proxy: what for; of IPv6 with the whole name where 31 characters cut it', async () => {
    const said = async (name: string) =>
      (await ofSet(sets(`create ${name} hash:ip,port\n`), name)).slice(1, 4).join('\n');
    assert.match(await said('KUBE-CLUSTER-IP'), /^kube-proxy's set\. /);
    assert.match(await said('KUBE-6-CLUSTER-IP'), /^kube-proxy's set for IPv6\. (?!.* cut at)/);
    assert.match(
      await said('KUBE-6-LOAD-BALANCER-SOURCE-CID'),
      /^kube-proxy's set for IPv6\. The name is KUBE-6-LOAD-BALANCER-SOURCE-CIDR, cut at the 31 /,
    );
    assert.doesNotMatch(await said('MY-KUBE-CLUSTER-IP'), /kube-proxy/);
  });
});

suite('a set that a rule names', () => {
  const rule = (directions: string) =>
    rules(`-A C -m set --match-set MINE ${directions} -j ACCEPT`);

  test('what it looks up of a packet', async () => {
    const said = await inRule(
      { ...sets('create MINE hash:ip,port\n'), ...rule('dst,src') },
      'MINE',
    );
    assert.ok(
      said.includes('`dst,src` looks up the destination address, source port of the packet.'),
      said.join('\n'),
    );
    assert.ok(!said.some((text) => /names? it/.test(text)));
  });

  // ip_set_test (ip_set_core.c): with fewer directions than the set has dimensions the answer is no.
  test('directions that are too few', async () => {
    const said = await inRule({ ...sets('create MINE hash:ip,port\n'), ...rule('dst') }, 'MINE');
    assert.ok(said.includes('`dst` is too short for ip,port: nothing matches.'), said.join('\n'));
  });

  test('one that the node has not, and one of which nothing is known', async () => {
    const other = { ...sets('create OTHER hash:ip\n'), ...rule('dst') };
    const none = await inRule(other, 'MINE');
    assert.deepEqual(none, ['**Set** `MINE`', '**The sets of this node have none of this name.**']);
    const unknown = await inRule(rule('dst'), 'MINE');
    assert.match(unknown.at(-1)!, /^_What it holds is unknown\..*_$/);
    assert.doesNotMatch(unknown.join(), /none of this name|undefined/);
  });

  test('one whose elements were not listed', async () => {
    const terse =
      'Name: MINE\nType: hash:ip\nRevision: 5\nHeader: family inet\nNumber of entries: 3\n';
    const said = await inRule({ 'ipset-list.txt': terse, ...rule('dst') }, 'MINE');
    assert.equal(said.at(-1), '_This dump does not hold all of its elements._');
  });
});
