import assert from 'node:assert/strict';
import { usualRules } from '../../../src/core/questions/usualRules';
import { parseAddress } from '../../../src/core/address';
import { matchOf, rulesIn } from '../../../src/core/rules/lookUp';
import type { Rule } from '../../../src/core/rules/ruleset';
import { rulesetsOfText } from '../../../src/syntax/iptables/ruleset/ruleset';
import { testParser } from '../../syntax/parser';

/** `-m addrtype jump KUBE-NODEPORTS` */
function ruleText({ matches, target }: Rule): string {
  const asks = matches.filter(({ kind }) => kind !== 'comment').map(({ kind }) => `-m ${kind} `);
  const does = target?.kind === 'jump' ? `jump ${target.chain}` : target?.kind;
  return `${asks.join('')}${does}`;
}

async function rulesetOf(lines: readonly string[]) {
  return rulesetsOfText('excerpt', `${lines.join('\n')}\n`, await testParser())[0]!;
}

/** The rules of each chain of a table, with those that are made up. */
async function usual(lines: readonly string[], table = 'nat', chains: readonly string[] = []) {
  const ruleset = await rulesetOf(lines);
  const found = usualRules(ruleset, { chains }).tables.get(table)!;
  return Object.fromEntries(
    [...found.chains].map(([name, chain]) => [name, rulesIn(chain).map(ruleText)]),
  );
}

const service =
  '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y';
const endpoint = '-A KUBE-SVC-NPX46M4PTMTKRN6Y -j KUBE-SEP-JD73KFU7OWOVCR63';

suite(
  'rules of iptables mode as they usually are, of which an excerpt has those of a Service',
  () => {
    test('what leads to Services and node ports, and what the marks do', async () => {
      assert.deepEqual(await usual([service]), {
        'KUBE-SERVICES': [
          '-m destination -m protocol -m tcp jump KUBE-SVC-NPX46M4PTMTKRN6Y',
          '-m addrtype jump KUBE-NODEPORTS',
        ],
        PREROUTING: ['jump KUBE-SERVICES'],
        OUTPUT: ['jump KUBE-SERVICES'],
        POSTROUTING: ['jump KUBE-POSTROUTING'],
        'KUBE-NODEPORTS': [],
        'KUBE-MARK-MASQ': ['MARK'],
        'KUBE-MARK-DROP': ['DROP'],
        'KUBE-POSTROUTING': ['-m mark MASQUERADE'],
      });
    });

    test('chains that hooks ask are base chains that let everything else pass', async () => {
      const made = usualRules(await rulesetOf([service]), { chains: [] }).tables.get('nat')!.chains;
      const bases = [...made].map(([name, { base }]) => `${name} ${base?.hook} ${base?.policy}`);
      assert.deepEqual(
        bases.filter((one) => !one.endsWith('undefined')),
        ['PREROUTING prerouting ACCEPT', 'OUTPUT output ACCEPT', 'POSTROUTING postrouting ACCEPT'],
      );
    });

    test('a chain that the excerpt shows by a rule or its declaration stays as it is', async () => {
      const own = await usual([service, '-A PREROUTING -j MINE', '-A KUBE-MARK-MASQ -j RETURN']);
      assert.deepEqual(own['PREROUTING'], ['jump MINE']);
      assert.deepEqual(own['KUBE-MARK-MASQ'], ['RETURN']);
      assert.deepEqual(own['OUTPUT'], ['jump KUBE-SERVICES']);
      const declared = await usual(['-N KUBE-SERVICES', service]);
      assert.equal(declared['KUBE-SERVICES']!.length, 1);
    });

    test('a whole table, one of others, and none are the same', async () => {
      for (const lines of [
        ['*nat', ':KUBE-SERVICES - [0:0]', service, 'COMMIT'],
        ['*nat', '-A PREROUTING -j DOCKER'],
        ['*filter', '-A INPUT -j MINE'],
      ]) {
        const ruleset = await rulesetOf(lines);
        assert.equal(usualRules(ruleset, { chains: [] }), ruleset, lines.join('; '));
      }
    });

    test('the bit that marks is the one that the excerpt shows', async () => {
      const bitsOf = async (lines: readonly string[]) => {
        const { chains } = usualRules(await rulesetOf(lines), { chains: [] }).tables.get('nat')!;
        return ['KUBE-MARK-MASQ', 'KUBE-POSTROUTING'].map((name) => {
          const rule = chains.get(name)!.rule(0);
          const { target } = rule;
          const asked = matchOf(rule, 'mark');
          return target?.kind === 'MARK' ? [target.clear, target.xor] : [asked?.mask, asked?.value];
        });
      };
      assert.deepEqual(await bitsOf([service]), [
        [0x4000, 0x4000],
        [0x4000, 0x4000],
      ]);
      const other = [service, '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x100/0x100'];
      assert.deepEqual((await bitsOf(other))[1], [0x100, 0x100]);
    });

    test('MASQUERADE takes ports at random, as kube-proxy writes it', async () => {
      const { tables } = usualRules(await rulesetOf([service]), { chains: [] });
      const { target } = tables.get('nat')!.chains.get('KUBE-POSTROUTING')!.rule(0);
      assert.ok(target?.kind === 'MASQUERADE');
      assert.deepEqual(
        [target.random, target.fullyRandom, target.persistent],
        [false, true, false],
      );
    });

    test('made rules stand behind those of the excerpt, and every address may meet them', async () => {
      const ruleset = usualRules(await rulesetOf([service]), { chains: [] });
      const chain = ruleset.tables.get('nat')!.chains.get('KUBE-SERVICES')!;
      assert.equal(chain.length, 2);
      const met = (text: string) => [...chain.candidates(parseAddress(text)!)];
      assert.ok(met('10.96.0.1').includes(0));
      for (const address of ['10.96.0.1', '192.168.77.10']) assert.equal(met(address).at(-1), 1);
    });
  },
);

suite('the last rule of KUBE-EXT-, which has no comment and no search for a name finds', () => {
  const name = 'KUBE-EXT-NPX46M4PTMTKRN6Y';
  const mark = `-A ${name} -j KUBE-MARK-MASQ`;
  const local = `-A ${name} -m addrtype --src-type LOCAL -j KUBE-SVC-NPX46M4PTMTKRN6Y`;
  const own = '-A KUBE-SVL-NPX46M4PTMTKRN6Y -j KUBE-SEP-JD73KFU7OWOVCR63';
  const last = async (lines: readonly string[], chains: readonly string[] = [name]) =>
    (await usual([service, ...lines], 'nat', chains))[name]?.at(-1);

  test('policy Cluster leads to all endpoints, Local to those of the node', async () => {
    assert.equal(await last([endpoint, mark]), 'jump KUBE-SVC-NPX46M4PTMTKRN6Y');
    assert.equal(await last([endpoint, local, own]), 'jump KUBE-SVL-NPX46M4PTMTKRN6Y');
  });

  test('none is made of a Service without endpoints here, of a declared chain, nor of others', async () => {
    assert.equal(await last([mark]), 'jump KUBE-MARK-MASQ');
    assert.equal(await last([endpoint, local]), '-m addrtype jump KUBE-SVC-NPX46M4PTMTKRN6Y');
    assert.equal(await last([`-N ${name}`, endpoint, mark]), 'jump KUBE-MARK-MASQ');
    assert.equal(await last([endpoint, mark], []), 'jump KUBE-MARK-MASQ');
    assert.equal(await last([endpoint]), undefined);
  });
});

suite('filter of an excerpt: its hooks lead to those chains of kube-proxy that it has', () => {
  const refuse = (chain: string) => `-A ${chain} -d 10.96.0.9/32 -j REJECT`;
  const hooks = async (...lines: readonly string[]) => {
    const all = await usual(['*filter', ...lines], 'filter');
    return ['INPUT', 'FORWARD', 'OUTPUT'].map((name) => all[name]?.join(', '));
  };

  test('as kube-proxy asks them (pkg/proxy/iptables/proxier.go, iptablesJumpChains)', async () => {
    const services = 'jump KUBE-SERVICES';
    const external = 'jump KUBE-EXTERNAL-SERVICES';
    const firewall = 'jump KUBE-PROXY-FIREWALL';
    assert.deepEqual(await hooks(refuse('KUBE-SERVICES')), [undefined, services, services]);
    assert.deepEqual(await hooks(refuse('KUBE-EXTERNAL-SERVICES')), [
      external,
      external,
      undefined,
    ]);
    assert.deepEqual(await hooks(refuse('KUBE-PROXY-FIREWALL')), [firewall, firewall, firewall]);
    assert.deepEqual(
      await hooks(
        refuse('KUBE-EXTERNAL-SERVICES'),
        refuse('KUBE-PROXY-FIREWALL'),
        refuse('KUBE-SERVICES'),
      ),
      [
        `${external}, ${firewall}`,
        `${services}, ${external}, ${firewall}`,
        `${services}, ${firewall}`,
      ],
    );
  });

  test('a hook that is shown, a whole table and one of others stay as they are', async () => {
    assert.deepEqual(await hooks(refuse('KUBE-SERVICES'), '-A FORWARD -j MINE'), [
      undefined,
      'jump MINE',
      'jump KUBE-SERVICES',
    ]);
    for (const lines of [[refuse('KUBE-SERVICES'), 'COMMIT'], [refuse('MINE')]]) {
      assert.deepEqual(await hooks(...lines), [undefined, undefined, undefined]);
    }
  });
});
