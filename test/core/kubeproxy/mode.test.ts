import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { modeText } from '../../../src/core/flow/overview/modeText';
import { modeOf } from '../../../src/core/kubeproxy/mode/judge';
import { nodeOf } from '../flow/sampleNode';
import { mixtures } from './mixtures';

const root = 'test/fixtures/proxyconfig';

/** The real kube-proxy's dumps of one variant, by file name. */
function dumpsOf(variant: string): Map<string, string> {
  const folder = `${root}/${variant}/node-a`;
  const texts = readdirSync(folder).map((name): [string, string] => [
    name,
    readFileSync(`${folder}/${name}`, 'utf8'),
  ]);
  return new Map(texts.filter(([name]) => !name.startsWith('kube-proxy')));
}

async function judged(texts: ReadonlyMap<string, string>) {
  const { node } = await nodeOf(texts);
  return modeOf(node);
}

suite('the mode of kube-proxy, by every sign at hand', () => {
  for (const variant of readdirSync(root)) {
    test(`${variant}: by its rules alone`, async () => {
      const { mode, certainty, candidates } = await judged(dumpsOf(variant));
      // Rules of both modes are in force there: which one kube-proxy keeps, they do not tell.
      if (variant === 'k8s-1.36-mixed-leftovers') {
        assert.deepEqual([mode, candidates], [undefined, ['iptables', 'nftables']]);
        return;
      }
      const expected = /to-(iptables|ipvs|nftables)-/.exec(variant)?.[1];
      assert.equal(mode, expected ?? /(iptables|ipvs|nftables)/.exec(variant)?.[1]);
      // Of ipvs-sched-* there is no dump of the rules.
      assert.equal(certainty, variant.startsWith('ipvs-sched') ? 'likely' : 'certain');
    });
  }

  test('what the running kube-proxy says counts before any rule', async () => {
    const texts = dumpsOf('k8s-1.36-mixed-leftovers');
    const said = await judged(new Map([...texts, ['proxyMode.txt', 'nftables']]));
    assert.deepEqual([said.mode, said.certainty], ['nftables', 'certain']);
    assert.equal(said.signs[0]?.kind, 'proxy-mode');
  });

  for (const [title, files, mode, certainty] of mixtures) {
    test(title, async () => {
      const { node } = await nodeOf(new Map(Object.entries(files)));
      const judgement = modeOf(node);
      assert.deepEqual([judgement.mode, judgement.certainty], [mode, certainty]);
      const told = modeText(node);
      assert.match('value' in told ? told.value : 'unknown', new RegExp(`^${mode ?? 'unknown'}`));
    });
  }
});
